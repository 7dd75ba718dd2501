import { createLog } from '@image-organizer/platform/log';
import { connect } from './adapters/connect.ts';
import { readAuthConfig } from './config.ts';
import { untilAvailable } from './domain/until-available.ts';

// Brings the schema of accounts and login limits up to date, as auth itself does at its start, and ends with 0: for a
// deployment that wants it as a step of its own. A server that is down is waited for, until somebody ends this.
const config = readAuthConfig();
const log = createLog({ service: 'auth', level: config.logLevel });
const { users, limiter, close } = connect(config, log);
await untilAvailable(async () => {
  await users.countUsers(); // each answers once its part of the schema is there
  await limiter.check({ account: 'migrate', address: '127.0.0.1' });
}, new AbortController().signal);
await close();
log.info('migrated');
