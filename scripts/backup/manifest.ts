import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const part = z.object({
  name: z.string(),
  /** In the backup's directory, gzip. */
  file: z.string(),
  /** Documents or rows. */
  count: z.int(),
  /** Of the content, before gzip. */
  bytes: z.int(),
  /** Of the content, hex: two backups of the same data have the same. */
  sha256: z.string(),
});
/** The content of one collection or table. */
export type Part = z.output<typeof part>;

const manifest = z.object({
  format: z.literal(1),
  takenAt: z.iso.datetime(),
  /** `indexes` as the server lists them. */
  mongo: z.array(part.extend({ indexes: z.array(z.looseObject({ name: z.string() })) })),
  /** `schema` is the statement that makes the table. */
  mysql: z.array(part.extend({ schema: z.string() })),
});
export type Manifest = z.output<typeof manifest>;

const pathOf = (directory: string) => join(directory, 'manifest.json');

/** Written last and at once: a directory that has one is a whole backup. */
export async function writeManifest(directory: string, content: Manifest): Promise<void> {
  const temporary = `${pathOf(directory)}.part`;
  await writeFile(temporary, JSON.stringify(content, null, 2), { mode: 0o600, flush: true });
  await rename(temporary, pathOf(directory));
}

/** @throws Error saying that the directory is no backup, or not a whole one */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(pathOf(directory), 'utf8').catch((cause: unknown) => {
    throw new Error(`${directory} has no manifest.json: it is no backup, or one that was not finished`, {
      cause,
    });
  });
  const parsed = manifest.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${pathOf(directory)} cannot be used: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
