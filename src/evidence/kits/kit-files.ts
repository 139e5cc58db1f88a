import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { onFile } from '../../core/file-fault.ts';
import type { KitFiles, KitForm } from '../../core/ports/kit-files.ts';

const HEAD = 64 * 1024;
/** Krita and OpenRaster are ZIPs whose first entry, stored, is their media type. */
const LAYERED_ZIP = /^PK.{28}mimetype(application\/x-krita|image\/openraster)/s;
const LAYERED = /^(8BPS|gimp xcf |BLENDER)/;
const RAW = new Set(['dng', 'cr2', 'cr3', 'nef', 'arw', 'orf', 'raf', 'rw2']);

/** Reads each file once, in constant memory. */
export const kitFiles: KitFiles = {
  async read(path, signal) {
    const file = Buffer.from(path);
    return onFile(file.toString('utf8'), async () => {
      const hash = createHash('sha256');
      const head: Buffer[] = [];
      let length = 0;
      for await (const chunk of createReadStream(file, { signal })) {
        if (length < HEAD) head.push(chunk);
        length += chunk.length;
        hash.update(chunk);
      }
      return { sha256: hash.digest('hex'), form: await formOf(Buffer.concat(head)) };
    });
  },
};

async function formOf(head: Uint8Array): Promise<KitForm> {
  const start = Buffer.from(head.subarray(0, 128)).toString('latin1');
  if (LAYERED.test(start) || LAYERED_ZIP.test(start)) return 'layered';
  // Few runs of the program need it, and the modules it is made of.
  const { fileTypeFromBuffer } = await import('file-type');
  const type = await fileTypeFromBuffer(head);
  if (type !== undefined && RAW.has(type.ext)) return 'raw';
  return type?.mime.startsWith('video/') ? 'film' : 'other';
}
