import { join } from 'node:path';
import {
  type ContentStoreOptions,
  openContentStore,
} from '../../src/content/open-content-store.ts';

/** Opens a store in a folder, with two worker threads and its packs in `packs`. */
export function openStore(folder: string, options: Partial<ContentStoreOptions> = {}) {
  return openContentStore({
    indexPath: join(folder, 'content.db'),
    packDirectories: [join(folder, 'packs')],
    workers: 2,
    ...options,
  });
}
