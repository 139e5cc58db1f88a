/** One block of a stream of server-sent events: an event, a place to go on from, or a sign of life. */
export interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** Yields what a node sends as server-sent events (HTML Living Standard §9.2.6), until it ends. */
export async function* framesIn(body: ReadableStream<BufferSource>): AsyncGenerator<Frame, void> {
  for await (const block of partsIn(body, '\n\n')) yield frameOf(block);
}

/** Yields what a stream of text has before each separator. */
export async function* partsIn(
  body: ReadableStream<BufferSource>,
  separator: string,
): AsyncGenerator<string, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split(separator);
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

/** A line without a name is a comment. */
function frameOf(block: string): Frame {
  const fields = block.split('\n').map((line) => line.split(/: ?(.*)/s));
  return Object.fromEntries(fields.filter(([name]) => name !== ''));
}
