/** What this browser keeps for this origin, by name, in IndexedDB. */
const SHELVES = ['keys', 'deposits', 'outbox'] as const;

/** Does one thing with what is kept on a shelf; resolves with its result when that is kept. */
export async function onShelf<T>(
  name: (typeof SHELVES)[number],
  mode: IDBTransactionMode,
  work: (shelf: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('ringfence', 3);
    request.onupgradeneeded = () => {
      const { result } = request;
      for (const name of SHELVES) {
        if (!result.objectStoreNames.contains(name)) result.createObjectStore(name);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
