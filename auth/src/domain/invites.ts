import { randomUUID } from 'node:crypto';
import type { Invite as InviteRecord } from '@image-organizer/adapters/user-store/invites';
import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { CreatedInvite, Invite, NewInvite } from '@image-organizer/contracts/http/admin-user';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { AccountExistsError, InvalidInviteError, InviteNotFoundError } from './errors.ts';
import type { Mailing } from './mailing.ts';
import { inviteMail } from './mails.ts';
import { hashOf, newSecretText } from './secret-text.ts';

const inviteMs = 7 * 24 * 60 * 60 * 1000;
const mostListed = 1_000;

interface Dependencies {
  users: UserStore;
  clock: Clock;
  log: Log;
  mailing: Mailing | undefined;
}

export type Invites = ReturnType<typeof createInvites>;

/** Invites, for administrators: each lets one address register within a week, whatever REGISTRATION says. */
export const createInvites = ({ users, clock, log, mailing }: Dependencies) => ({
  /** @param email normalised. @throws AccountExistsError, TooBusyError */
  async create({ email, role }: NewInvite): Promise<CreatedInvite> {
    if (await users.findUserByEmail(email)) throw new AccountExistsError(email);
    const createdAt = clock.now();
    const { text, hash } = newSecretText();
    const invite: InviteRecord = {
      ...{ id: randomUUID(), hash, email, role, createdAt },
      ...{ expiresAt: new Date(createdAt.getTime() + inviteMs), usedAt: null },
    };
    await users.addInvite(invite);
    mailing?.send(async () => inviteMail({ to: email, token: text, id: invite.id, ...mailing.envelope() }));
    log.info({ inviteId: invite.id, role }, 'made an invite');
    return { ...viewOf(invite), token: text, emailed: mailing !== undefined };
  },

  list: async (): Promise<Invite[]> => (await users.openInvites(clock.now(), mostListed)).map(viewOf),

  /** @throws InviteNotFoundError */
  async remove(id: string): Promise<void> {
    if (!(await users.removeInvite(id))) throw new InviteNotFoundError();
  },
});

/** @param email normalised: whoever else has the text may not use it. @throws InvalidInviteError */
export async function findUsableInvite(
  { users, clock }: { users: UserStore; clock: Clock },
  { text, email }: { text: string; email: string },
): Promise<InviteRecord> {
  const invite = await users.findInvite(hashOf(text));
  if (!invite || invite.usedAt || invite.expiresAt <= clock.now() || invite.email !== email)
    throw new InvalidInviteError();
  return invite;
}

const viewOf = ({ id, email, role, createdAt, expiresAt }: InviteRecord): Invite => ({
  ...{ id, email, role },
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});
