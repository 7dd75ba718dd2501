/**
 * Adds a key that signs access tokens from two minutes later on. Nobody is logged out, nothing is restarted.
 *
 *   MYSQL_URL=… node auth/src/rotate-keys.ts [--drop-others]    (or DATA_DIR=…)
 *
 * `--drop-others`, for a key that others know: the keys before it are removed at once; restart auth, then the gateway.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '@image-organizer/platform/clock';
import { messageOf } from '@image-organizer/platform/errors';
import { createLog } from '@image-organizer/platform/log';
import { connect } from './adapters/connect.ts';
import { readAuthConfig } from './config.ts';
import { rotateKeys, signsFrom } from './domain/signing-keys.ts';

const { values } = parseArgs({ options: { 'drop-others': { type: 'boolean', default: false } } });
const dropOthers = values['drop-others'];
const { users, close } = connect(readAuthConfig(), createLog({ service: 'auth', level: 'warn' }));
try {
  const key = await rotateKeys({ users, clock: systemClock }, { dropOthers });
  const effect = dropOthers
    ? 'is the only one. Restart auth, then the gateway: until then they go on with the keys before it.'
    : `signs from ${signsFrom(key).toISOString()} on; what the keys before it signed stays good.`;
  process.stdout.write(`Key ${key.kid} ${effect}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
} finally {
  await close();
}
