import type { MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { yamux } from '@libp2p/yamux';
import { ArchiveError } from '../core/errors.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Greatest window of one stream: what a peer may have on its way while nobody reads. 8 MiB carry
 * 160 MB/s over 50 ms. libp2p drops a stream that buffers more than `maxReadBufferLength`.
 */
const WINDOW_BYTES = 8 * 1_024 * 1_024;

/** What may wait to be written to one connection, beyond which its peer reads nothing and is dropped. */
const MAX_UNWRITTEN_BYTES = 16 * 1_024 * 1_024;

/** Pings, goodbyes and new streams of one connection in a second: what makes this side answer. */
const DEMANDS_PER_SECOND = 2_000;

/** Streams of one connection that the peer has open at once, of all protocols. */
const MAX_STREAMS = 128;

/** https://github.com/hashicorp/yamux/blob/master/spec.md: version, type, flags, stream, length. */
const HEADER_BYTES = 12;
const TYPE = { data: 0, windowUpdate: 1 };
const SYN = 1;

/**
 * Yamux with the bounds that @libp2p/yamux 8.0.3 does not keep: it gathers a frame of any announced
 * length (up to 4 GiB) before it looks at the window, and queues answers to pings without end for a
 * peer that does not read them.
 */
export function guardedYamux(): (components: unknown) => StreamMuxerFactory {
  return () => {
    const factory = yamux({
      maxInboundStreams: MAX_STREAMS,
      maxOutboundStreams: MAX_STREAMS,
      maxEarlyStreams: MAX_STREAMS,
      streamOptions: {
        maxStreamWindowSize: WINDOW_BYTES,
        maxReadBufferLength: 2 * WINDOW_BYTES,
      },
    })();
    return {
      protocol: factory.protocol,
      createStreamMuxer: (connection) => guard(factory.createStreamMuxer(connection), connection),
    };
  };
}

function guard(muxer: StreamMuxer, connection: MessageStream): StreamMuxer {
  connection.maxWriteBufferLength = MAX_UNWRITTEN_BYTES;
  if (!hasOnData(muxer)) throw new TypeError('the stream muxer does not take its data by onData');
  const check = frameChecker();
  const onData = muxer.onData.bind(muxer);
  // An error thrown here ends muxer and connection, as any error of the decoder does.
  muxer.onData = (data) => {
    for (const piece of data instanceof Uint8Array ? [data] : data) check(piece);
    onData(data);
  };
  return muxer;
}

type Pieces = Uint8Array | Iterable<Uint8Array>;

function hasOnData(muxer: object): muxer is { onData(data: Pieces): void } {
  return 'onData' in muxer && typeof muxer.onData === 'function';
}

/** Follows the headers of the frames. @throws {ArchiveError} `peer_invalid` at the first bad one. */
function frameChecker(): (piece: Uint8Array) => void {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const demands = new TokenBucket(DEMANDS_PER_SECOND);
  let filled = 0;
  let body = 0;
  return (piece) => {
    for (let at = 0; at < piece.length; ) {
      if (body > 0) {
        const skipped = Math.min(body, piece.length - at);
        body -= skipped;
        at += skipped;
        continue;
      }
      const part = piece.subarray(at, at + HEADER_BYTES - filled);
      header.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < HEADER_BYTES) return;
      filled = 0;
      body = bodyOf(view, demands);
    }
  };
}

function bodyOf(header: DataView, demands: TokenBucket): number {
  const type = header.getUint8(1);
  const isData = type === TYPE.data;
  const byteLength = header.getUint32(8);
  if (isData && byteLength > WINDOW_BYTES) {
    const text = `a frame of ${byteLength} bytes is announced where ${WINDOW_BYTES} are allowed`;
    throw new ArchiveError('peer_invalid', text);
  }
  const isDemand = (!isData && type !== TYPE.windowUpdate) || (header.getUint16(2) & SYN) !== 0;
  if (isDemand && !demands.tryTake()) {
    throw new ArchiveError('peer_invalid', 'the connection is flooded with pings or new streams');
  }
  return isData ? byteLength : 0;
}
