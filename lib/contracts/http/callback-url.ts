import { z } from 'zod';

/** Where somebody wants to be called back. Whether the address may be called is decided when it is called. */
export const callbackUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2_000, 'must have at most 2,000 characters')
  .refine(hasNoCredentials, 'must not hold a user name or password')
  .meta({ examples: ['https://example.org/hooks/images'] });

function hasNoCredentials(url: string): boolean {
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: '', password: '' };
  return username === '' && password === '';
}
