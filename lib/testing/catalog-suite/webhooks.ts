import { randomUUID } from 'node:crypto';
import type { WebhookDelivery, WebhookEndpoint } from '@image-organizer/adapters/catalog/webhooks';
import { at, blurred, ownerIds, start, times, type Current } from './harness.ts';

const [ada, bob] = ownerIds();

const newEndpoint = (overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  id: randomUUID(),
  ownerId: ada,
  url: 'https://example.org/hook?a=b',
  secret: 'whsec_c2VjcmV0',
  createdAt: start,
  disabledAt: null,
  ...overrides,
});

const sent = { status: 'sent', dueAt: start, settledAt: at(1), lastStatus: 204, error: null } as const;

export function describeWebhooks(current: Current): void {
  const addEndpoint = async (overrides?: Partial<WebhookEndpoint>) => {
    const endpoint = newEndpoint(overrides);
    expect(await current().catalog.addWebhook(endpoint, 20)).toBe(true);
    return endpoint;
  };
  const addDelivery = async (overrides: Partial<WebhookDelivery> = {}) => {
    const delivery = {
      key: `callback:${randomUUID()}`,
      id: `msg_${randomUUID()}`,
      ownerId: ada,
      endpointId: null,
      url: 'https://example.org/hook',
      batchId: randomUUID(),
      createdAt: start,
      dueAt: start,
      ...overrides,
    };
    await current().catalog.addWebhookDelivery(delivery);
    return delivery;
  };
  const tryClaim = (now = start, exceptOwners: string[] = []) =>
    current().catalog.claimWebhookDelivery({ owner: 'worker-1', now, leaseMs: 30_000, exceptOwners });
  const claim = async (now = start) => {
    const claimed = await tryClaim(now);
    if (!claimed) throw new Error('no webhook is due');
    return claimed;
  };
  const list = (endpointId: string | null = null, ownerId = ada, limit = 10) =>
    current().catalog.listWebhookDeliveries({ ownerId, endpointId, limit });

  describe('webhook endpoints', () => {
    it('When one is added, then its owner alone has it; they are listed oldest first.', async () => {
      const { catalog } = current();
      const newer = await addEndpoint({ createdAt: at(5) });
      const older = await addEndpoint();
      expect(await catalog.listWebhooks(ada)).toEqual([older, newer]);
      expect(await catalog.getWebhook(ada, older.id)).toEqual(older);
      expect(await catalog.listWebhooks(bob)).toEqual([]);
      expect(await catalog.getWebhook(bob, older.id)).toBeUndefined();
    });

    it('When 20 are added at once and 3 may be, then there are 3; there is room for others, and where one is removed.', async () => {
      const { catalog } = current();
      const added = await Promise.all(times(20, () => catalog.addWebhook(newEndpoint(), 3)));
      expect(added.filter(Boolean)).toHaveLength(3);
      const [first, ...others] = await catalog.listWebhooks(ada);
      expect(others).toHaveLength(2);
      expect(await catalog.addWebhook(newEndpoint({ ownerId: bob }), 3)).toBe(true);
      await catalog.removeWebhook(ada, first!.id, start);
      expect(await catalog.addWebhook(newEndpoint(), 3)).toBe(true);
    });

    it('When it is switched, then it says since when it is off; another owner cannot.', async () => {
      const { catalog } = current();
      const { id } = await addEndpoint();
      expect(await catalog.switchWebhook(bob, id, at(1))).toBe(false);
      expect(await catalog.switchWebhook(ada, id, at(2))).toBe(true);
      expect(await catalog.getWebhook(ada, id)).toMatchObject({ disabledAt: at(2) });
      expect(await catalog.switchWebhook(ada, id, null)).toBe(true);
      expect(await catalog.getWebhook(ada, id)).toMatchObject({ disabledAt: null });
    });

    it('When it is removed, then its pending deliveries fail, one that is being made too, and no others.', async () => {
      const { catalog } = current();
      const { id } = await addEndpoint();
      const [done, making, waiting] = [
        await addDelivery({ endpointId: id, dueAt: at(-3) }),
        await addDelivery({ endpointId: id, dueAt: at(-2) }),
        await addDelivery({ endpointId: id, dueAt: at(9) }),
      ];
      const callback = await addDelivery({ dueAt: at(9) });
      expect(await catalog.settleWebhookDelivery(await claim(), sent)).toBe(true);
      const held = await claim();

      expect(await catalog.removeWebhook(bob, id, at(2))).toBe(false);
      expect(await catalog.removeWebhook(ada, id, at(2))).toBe(true);
      expect(await catalog.removeWebhook(ada, id, at(2))).toBe(false);
      expect(await catalog.listWebhooks(ada)).toEqual([]);
      const failed = { status: 'failed', settledAt: at(2), error: { code: 'WEBHOOK_REMOVED' } };
      const rows = new Map((await list(id)).map((row) => [row.key, row]));
      expect(rows.get(done.key)).toMatchObject({ status: 'sent', settledAt: at(1) });
      expect(rows.get(making.key)).toMatchObject(failed);
      expect(rows.get(waiting.key)).toMatchObject(failed);
      expect(await catalog.settleWebhookDelivery(held, sent)).toBe(false);
      expect(await list()).toMatchObject([{ key: callback.key, status: 'pending' }]);
    });
  });

  describe('webhook deliveries', () => {
    it('When a key comes 20 times at once, then there is one row, the first.', async () => {
      const rows = await Promise.all(times(20, (n) => addDelivery({ key: 'callback:1', id: `msg_${n}` })));
      const listed = await list();
      expect(listed).toHaveLength(1);
      const first = rows.find(({ id }) => id === listed[0]!.id)!;
      expect(listed).toEqual([
        { ...first, status: 'pending', attempts: 0, settledAt: null, lastStatus: null, error: null },
      ]);
      await addDelivery({ key: 'callback:1', id: 'msg_late' });
      expect(await list()).toEqual(listed);
    });

    it('When 20 claim at once, then one has it, and it is due again when its lease ends.', async () => {
      const added = await addDelivery();
      const claims = await Promise.all(times(20, () => tryClaim()));
      expect(claims.filter((claimed) => claimed !== undefined)).toEqual([
        {
          ...{ ...added, status: 'pending', settledAt: null, lastStatus: null, error: null },
          ...{ epoch: 1, attempts: 1, dueAt: at(30) },
        },
      ]);
      expect(await tryClaim(at(29))).toBeUndefined();
      expect(await tryClaim(at(30))).toMatchObject({ key: added.key, epoch: 2, attempts: 2, id: added.id });
    });

    it('When several are due, then the longest due is taken first, and none before it is due.', async () => {
      await addDelivery({ key: 'later', dueAt: at(20) });
      await addDelivery({ key: 'first', dueAt: at(5) });
      await addDelivery({ key: 'second', dueAt: at(6) });
      expect(await tryClaim(at(4))).toBeUndefined();
      expect([(await claim(at(19))).key, (await claim(at(19))).key]).toEqual(['first', 'second']);
      expect(await tryClaim(at(19))).toBeUndefined();
    });

    it('When owners are left out, then their rows wait, also behind those of others.', async () => {
      await addDelivery({ key: 'ada', dueAt: at(-5) });
      await addDelivery({ key: 'bob', ownerId: bob });
      expect(await tryClaim(start, [ada, bob])).toBeUndefined();
      expect(await tryClaim(start, [ada])).toMatchObject({ key: 'bob' });
      expect(await claim()).toMatchObject({ key: 'ada' });
    });

    it('When an attempt fails, then it is tried again when it is due, and says what went wrong.', async () => {
      const { catalog } = current();
      await addDelivery();
      const again = { dueAt: at(60), settledAt: null, lastStatus: 503, error: blurred };
      expect(await catalog.settleWebhookDelivery(await claim(), { status: 'pending', ...again })).toBe(true);
      expect(await list()).toMatchObject([{ status: 'pending', attempts: 1, ...again }]);
      expect(await tryClaim(at(59))).toBeUndefined();
      expect(await claim(at(60))).toMatchObject({ epoch: 2, attempts: 2, lastStatus: 503 });
    });

    it.each(['sent', 'failed'] as const)('When it is %s, then that is final.', async (status) => {
      const { catalog } = current();
      await addDelivery();
      const held = await claim();
      expect(await catalog.settleWebhookDelivery(held, { ...sent, status })).toBe(true);
      expect(await catalog.settleWebhookDelivery(held, { ...sent, status: 'pending' })).toBe(false);
      expect(await tryClaim(at(1_000))).toBeUndefined();
      expect(await list()).toMatchObject([{ status, settledAt: at(1), lastStatus: 204, error: null }]);
    });

    it('When the lease ran out and another has it, then the first is fenced.', async () => {
      const { catalog } = current();
      await addDelivery();
      const slow = await claim();
      const next = await claim(at(31));
      expect(await catalog.settleWebhookDelivery(slow, sent)).toBe(false);
      expect(await list()).toMatchObject([{ status: 'pending' }]);
      expect(await catalog.settleWebhookDelivery(next, sent)).toBe(true);
    });

    it('When they are listed, then newest first, those of one endpoint or of callbacks, as many as wanted, the owner’s.', async () => {
      const { id } = await addEndpoint();
      await addDelivery({ key: 'old', endpointId: id });
      await addDelivery({ key: 'new', endpointId: id, createdAt: at(9) });
      await addDelivery({ key: 'callback' });
      const keys = (rows: WebhookDelivery[]) => rows.map(({ key }) => key);
      expect(keys(await list(id))).toEqual(['new', 'old']);
      expect(keys(await list(id, ada, 1))).toEqual(['new']);
      expect(keys(await list())).toEqual(['callback']);
      expect(await list(id, bob)).toEqual([]);
      expect(await list(null, bob)).toEqual([]);
    });

    it('When some are pending, then the metric learns since when the first is due.', async () => {
      const { catalog } = current();
      expect(await catalog.oldestWebhookDueAt()).toBeNull();
      await addDelivery({ dueAt: at(20) });
      await addDelivery({ dueAt: at(10) });
      expect(await catalog.oldestWebhookDueAt()).toEqual(at(10));
      await catalog.settleWebhookDelivery(await claim(at(10)), sent);
      expect(await catalog.oldestWebhookDueAt()).toEqual(at(20));
    });

    it('When old ones are forgotten, then settled ones go and pending ones stay.', async () => {
      const { catalog } = current();
      await addDelivery({ key: 'old' });
      await catalog.settleWebhookDelivery(await claim(), sent);
      await addDelivery({ key: 'newer' });
      await catalog.settleWebhookDelivery(await claim(), { ...sent, settledAt: at(5) });
      await addDelivery({ key: 'pending' });
      expect(await catalog.forgetWebhookDeliveries(at(1))).toBe(1);
      expect((await list()).map(({ key }) => key).sort()).toEqual(['newer', 'pending']);
    });

    it('When all leases are released, then what was being sent is due at once and its sender fenced.', async () => {
      const { catalog } = current();
      await addDelivery({ key: 'held' });
      const held = await claim();
      await addDelivery({ key: 'waits', dueAt: new Date(Date.now() + 3_600_000) });
      expect(await catalog.releaseAllLeases()).toBe(1);
      expect(await catalog.settleWebhookDelivery(held, sent)).toBe(false);
      expect(await claim(new Date(Date.now() + 1_000))).toMatchObject({ key: 'held', epoch: 2 });
      expect(await tryClaim(new Date(Date.now() + 1_000))).toBeUndefined();
    });
  });
}
