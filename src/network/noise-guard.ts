import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ConnectionEncrypter, MessageStream, SecuredConnection } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { Uint8ArrayList } from 'uint8arraylist';
import { release } from './release.ts';

type Bytes = Uint8Array | Uint8ArrayList;
type Cipher = (bytes: Bytes, nonce: Uint8Array, ad: Uint8Array, key: Uint8Array) => Bytes;

/** What @libp2p/noise keeps for itself: its ciphers, which handshakes and records use. */
interface NoiseInsides extends ConnectionEncrypter {
  crypto: { readonly encrypt: Cipher; readonly decrypt: Cipher };
}

/** A connection whose handshake is over. */
interface Records extends MessageStream {
  readonly sendingData: boolean;
  readonly handshake: { decrypt(record: Bytes): Bytes };
  decrypt(record: Bytes): Bytes;
}

/** What @libp2p/tcp keeps for itself. */
interface OverSocket extends MessageStream {
  readonly socket: Socket;
  sendData(data: Bytes): { readonly sentBytes: number; readonly canSendMore: boolean };
}

const NAME = 'chacha20-poly1305';
const TAG = { authTagLength: 16 };

/** For shorter ones @libp2p/noise has a cipher that begins faster. */
const LONG_BYTES = 1_200;

/**
 * Noise without three habits of @libp2p/noise 17.0.3 and @libp2p/tcp 11.0.28 that cost a third of the
 * processor's time: the key is handed to OpenSSL in a form that node:crypto has to find out by failing
 * twice; each record is copied to a buffer that is not used, before it is decrypted; and its length,
 * bytes and tag are written, and travel, one by one.
 */
export function guardedNoise(): ReturnType<typeof noise> {
  return (components) => {
    const encrypter = noise()(components);
    if (!isNoise(encrypter)) throw new TypeError('Noise is built another way');
    const { encrypt, decrypt } = encrypter.crypto;
    encrypter.crypto = {
      ...encrypter.crypto,
      encrypt: (bytes, ...rest) => (isLong(bytes) ? seal : encrypt)(bytes, ...rest),
      decrypt: (bytes, ...rest) => (isLong(bytes) ? open : decrypt)(bytes, ...rest),
    };
    const secureInbound = encrypter.secureInbound.bind(encrypter);
    const secureOutbound = encrypter.secureOutbound.bind(encrypter);
    encrypter.secureInbound = async (connection, options) =>
      guard(await secureInbound(connection, options), connection);
    encrypter.secureOutbound = async (connection, options) =>
      guard(await secureOutbound(connection, options), connection);
    return encrypter;
  };
}

function guard<Secured extends SecuredConnection>(secured: Secured, below: MessageStream): Secured {
  const { connection } = secured;
  if (!isRecords(connection)) throw new TypeError('the stream of Noise is built another way');
  const { handshake } = connection;
  const isOnSocket = isOverSocket(below);
  connection.decrypt = (record) => {
    const plain = handshake.decrypt(record);
    // One record after the other: what ends a packet of the socket is the last that is read of it.
    if (isOnSocket) for (const piece of piecesOf(record)) release(piece);
    return plain;
  };
  const send = connection.send.bind(connection);
  connection.send = (data) => {
    const mustWait = connection.writableNeedsDrain || connection.sendingData;
    // What waits is copied, so that whoever sends may use the bytes again.
    return send(mustWait ? Uint8Array.from(data.subarray()) : data);
  };
  // Below a network key or a WebSocket there is no socket to be had.
  if (isOnSocket) writeTogether(below);
  return secured;
}

function writeTogether(stream: OverSocket): void {
  const { socket } = stream;
  stream.sendData = (data) => {
    const pieces = [...piecesOf(data)];
    const last = pieces.pop();
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    // The tag of a record; what is before it belongs to nobody else.
    if (last !== undefined) socket.write(last, () => pieces.forEach(release));
    socket.uncork();
    return { sentBytes: data.byteLength, canSendMore: !socket.writableNeedDrain };
  };
}

const seal: Cipher = (plain, nonce, ad, key) => {
  const cipher = createCipheriv(NAME, keyObjectOf(key), nonce, TAG);
  cipher.setAAD(ad, { plaintextLength: plain.byteLength });
  const sealed = new Uint8ArrayList();
  for (const piece of piecesOf(plain)) sealed.append(cipher.update(piece));
  cipher.final();
  sealed.append(cipher.getAuthTag());
  return sealed;
};

/** @throws if the tag is not that of these bytes. */
const open: Cipher = (sealed, nonce, ad, key) => {
  const byteLength = sealed.byteLength - TAG.authTagLength;
  const decipher = createDecipheriv(NAME, keyObjectOf(key), nonce, TAG);
  decipher.setAAD(ad, { plaintextLength: byteLength });
  decipher.setAuthTag(sealed.subarray(byteLength));
  const plain = new Uint8ArrayList();
  const text =
    sealed instanceof Uint8Array ? sealed.subarray(0, byteLength) : sealed.sublist(0, byteLength);
  for (const piece of piecesOf(text)) plain.append(decipher.update(piece));
  decipher.final();
  return plain;
};

/** By the bytes that Noise holds for as long as the connection or the handshake lasts. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  keyObjects.set(key, made);
  return made;
}

function piecesOf(bytes: Bytes): Iterable<Uint8Array> {
  return bytes instanceof Uint8Array ? [bytes] : bytes;
}

function isLong(bytes: Bytes): boolean {
  return bytes.byteLength >= LONG_BYTES;
}

function isNoise(encrypter: object): encrypter is NoiseInsides {
  return 'crypto' in encrypter;
}

function isRecords(stream: object): stream is Records {
  return 'handshake' in stream && 'decrypt' in stream;
}

function isOverSocket(stream: object): stream is OverSocket {
  return 'socket' in stream && 'sendData' in stream;
}
