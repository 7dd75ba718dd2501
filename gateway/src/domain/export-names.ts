import { nameKey } from '@image-organizer/adapters/catalog/cursor';
import { splitFilename } from '@image-organizer/adapters/catalog/free-filename';
import { safeName } from '@image-organizer/adapters/library-tree/safe-name';

// Windows opens a device for these, whatever the extension.
const device = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)/i;

interface Taken {
  kind: 'file' | 'folder';
  /** The number to try next for another file of this name. */
  next: number;
}

/**
 * Gives the files of one ZIP their paths, the same names as in the library tree: relative, every segment a name that
 * every file system takes, and no two that one without upper and lower case would take for the same.
 * @param reserved names at the top that no image gets
 */
export function createExportNames(reserved: string[]) {
  const taken = new Map<string, Taken>(reserved.map((name) => [nameKey(name), { kind: 'file', next: 2 }]));

  function take(parent: string, name: string, kind: Taken['kind']): string {
    const { stem, extension } = splitFilename(name);
    const pathOf = (numbered: string) => parent + safeName(numbered.replace(device, '_$1'));
    let path = pathOf(name);
    const first = taken.get(nameKey(path));
    let number = kind === 'file' ? (first?.next ?? 2) : 2; // a folder's later files find the same folder
    for (let there = first; there && (kind === 'file' || there.kind === 'file'); number++) {
      path = pathOf(`${stem} (${number})${extension}`);
      there = taken.get(nameKey(path));
    }
    if (first && kind === 'file') first.next = number;
    if (!taken.has(nameKey(path))) taken.set(nameKey(path), { kind, next: 2 });
    return path;
  }

  /** @param folder null: the top */
  return (folder: string | null, filename: string): string => {
    const folders = (folder ?? '').split('/').filter((segment) => segment !== '');
    const parent = folders.reduce((path, segment) => `${take(path, segment, 'folder')}/`, '');
    return take(parent, filename, 'file');
  };
}
