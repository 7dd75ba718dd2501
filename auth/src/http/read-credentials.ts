import { credentials, type Credentials } from '@image-organizer/contracts/http/session';
import type { Request } from 'express';
import { email } from '../domain/email.ts';
import { MalformedCredentialsError } from '../domain/errors.ts';

const normalised = credentials.extend({ email });

/** RFC 7617: base64 of `email:password` in UTF-8; the password may have colons. Undefined when it is not Basic. */
function basicCredentials(authorization = '') {
  const [, encoded] = /^Basic +([\w+/=-]+) *$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const [name, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { email: name, password: password.join(':') };
}

/** From the Authorization header or the JSON body. @throws MalformedCredentialsError naming each wrong field, no value */
export function readCredentials(request: Request): Credentials {
  const parsed = normalised.safeParse(basicCredentials(request.get('authorization')) ?? request.body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), detail: message }));
  throw new MalformedCredentialsError(fields.filter(({ field }) => field !== ''));
}
