/** Who wants to know that something has happened. What a listener throws concerns nobody else. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns how to stop. */
  add(listener: () => void): () => void {
    // The same function may listen twice, and stops once for each.
    const one = () => listener();
    this.#listeners.add(one);
    return () => void this.#listeners.delete(one);
  }

  /** Tells everybody, soon. */
  tell(): void {
    for (const listener of this.#listeners) queueMicrotask(() => safely(listener));
  }
}

function safely(listener: () => void): void {
  try {
    listener();
  } catch {
    // It is told what has happened already; there is nothing to undo and nobody to ask.
  }
}
