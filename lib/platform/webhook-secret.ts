import { createHmac, randomBytes } from 'node:crypto';

/** A secret as Standard Webhooks has it: `whsec_` and 32 bytes in base64. */
export const newWebhookSecret = (): string => asSecret(randomBytes(32));

/**
 * What calls of an owner's callbackUrls are signed with, the same for all of them.
 * @param linkSecret shared by the gateway, which shows it to its owner, and who signs
 */
export const callbackSecretOf = (linkSecret: string, ownerId: string): string =>
  asSecret(
    createHmac('sha256', linkSecret)
      .update(JSON.stringify(['webhook-callback', ownerId]))
      .digest(),
  );

const asSecret = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;
