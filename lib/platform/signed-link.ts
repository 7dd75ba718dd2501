import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed link allows: this purpose, for this id, until it expires. */
export interface SignedGrant {
  purpose: string;
  id: string;
}

export interface LinkSigner {
  /** @returns the query parameters that carry the grant: `expires` (Unix seconds) and `signature`. */
  sign(grant: SignedGrant, expires: Date): { expires: string; signature: string };
  /** True when the signature is ours, for this very grant, and has not expired. */
  verify(grant: SignedGrant, given: { expires: string; signature: string }, now: Date): boolean;
}

/** HMAC-SHA-256 over purpose, id and expiry. @param secret at least 32 bytes, shared by the services that sign and check. */
export function createLinkSigner(secret: string): LinkSigner {
  const macOf = ({ purpose, id }: SignedGrant, expires: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([purpose, id, expires]))
      .digest();
  return {
    sign(grant, at) {
      const expires = String(Math.floor(at.getTime() / 1000));
      return { expires, signature: macOf(grant, expires).toString('base64url') };
    },
    verify(grant, { expires, signature }, now) {
      if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 < now.getTime()) return false;
      const expected = macOf(grant, expires);
      const given = Buffer.from(signature, 'base64url');
      return (
        given.length === expected.length &&
        timingSafeEqual(given, expected) &&
        given.toString('base64url') === signature
      );
    },
  };
}
