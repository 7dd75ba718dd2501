import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secrets = z.object({ linkSecret: z.string().min(32) });

/** Secrets that no setting gives: made at the first start, kept in DATA_DIR/secrets.json for this user only. */
export function loadSecrets(directory: string): z.output<typeof secrets> {
  const file = join(directory, 'secrets.json');
  try {
    const made = { linkSecret: randomBytes(32).toString('base64url') };
    writeFileSync(file, JSON.stringify(made), { flag: 'wx', mode: 0o600, flush: true });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const parsed = secrets.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new Error(
      `${file} is damaged: restore it, or delete it (links in mails sent so far stop working).`,
    );
  return parsed.data;
}
