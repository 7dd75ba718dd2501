import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import { placement } from '@image-organizer/testing/builders';
import { batchMail } from '../src/domain/batch-mail.ts';
import { createLinks } from '../src/domain/links.ts';

const secret = 's'.repeat(32);
const expires = new Date('2026-12-21T00:00:00Z');
const links = createLinks({ publicUrl: 'https://images.example.org', secret, expires });

const batch = (overrides: Partial<BatchRecord> = {}): BatchRecord => ({
  id: 'b1',
  kind: 'upload',
  ownerId: 'o1',
  ownerEmail: 'anna@example.com',
  status: 'completed',
  notify: true,
  callbackUrl: null,
  requestId: null,
  createdAt: new Date(),
  completedAt: new Date(),
  total: 2,
  organized: 2,
  failed: 0,
  ...overrides,
});
const image = (overrides: Partial<ImageRecord> = {}) =>
  ({
    id: 'i1',
    filename: 'a.jpg',
    text: 'TOTAL',
    placement: placement({ folder: 'Receipts', filename: 'a.jpg' }),
    stages: {},
    ...overrides,
  }) as ImageRecord;
const mailOf = (images: ImageRecord[], of = batch(), imported?: ImportRecord) =>
  batchMail({
    batch: of,
    imported,
    images,
    links,
    from: 'io@example.org',
    domain: 'images.example.org',
    linkDays: 30,
  });

it('says of an import where its CSV is, and how many rows gave no image', () => {
  const rows = { total: 7, done: 5, failed: 2 };
  const imported = { id: 'b1', filename: 'products.csv', rows } as ImportRecord;
  const mail = mailOf([image()], batch({ kind: 'import' }), imported);
  for (const body of [mail.text, mail.html]) {
    expect(body).toContain('https://images.example.org/api/imports/b1/output.csv');
    expect(body).toContain('2 of its 7 rows gave no image');
    expect(body).toContain('https://images.example.org/api/imports/b1/errors.csv');
  }
  const whole = mailOf([image()], batch({ kind: 'import' }), { ...imported, rows: { ...rows, failed: 0 } });
  expect(whole.text).not.toContain('errors.csv');
});

it('lists every image under its folder with its reason and links, as text and as HTML', () => {
  const mail = mailOf([
    image(),
    image({
      id: 'i2',
      text: '',
      placement: placement({ folder: 'Letters', filename: 'b.png', reason: 'Dear Sir' }),
    }),
  ]);
  expect(mail).toMatchObject({
    to: 'anna@example.com',
    subject: '2 images organised',
    messageId: 'batch.b1@images.example.org',
  });
  for (const body of [mail.text, mail.html]) {
    expect(body.indexOf('Letters')).toBeLessThan(body.indexOf('Receipts'));
    expect(body).toContain('Dear Sir');
    expect(body).toContain('fid=i1.text');
    expect(body).not.toContain('fid=i2.text');
  }
});

it('signs each link for its file alone', () => {
  const url = new URL(links.text('i1'));
  const given = { expires: url.searchParams.get('expires')!, signature: url.searchParams.get('signature')! };
  const signer = createLinkSigner(secret);
  const before = new Date('2026-12-20T00:00:00Z');
  expect(signer.verify({ purpose: 'download', id: 'i1.text' }, given, before)).toBe(true);
  expect(signer.verify({ purpose: 'download', id: 'i1' }, given, before)).toBe(false);
  expect(signer.verify({ purpose: 'other', id: 'i1.text' }, given, before)).toBe(false);
  expect(
    signer.verify({ purpose: 'download', id: 'i1.text' }, { ...given, expires: '9999999999' }, before),
  ).toBe(false);
  expect(signer.verify({ purpose: 'download', id: 'i1.text' }, given, new Date('2026-12-22T00:00:00Z'))).toBe(
    false,
  );
});

it('says what failed and why', () => {
  const failed = { status: 'failed', error: { code: 'DAMAGED_IMAGE', detail: 'The file is damaged.' } };
  const mail = mailOf(
    [image({ placement: null, stages: { extract: failed } as ImageRecord['stages'] })],
    batch({ total: 1, organized: 0, failed: 1 }),
  );
  expect(mail.subject).toBe('0 of 1 image organised, 1 failed');
  expect(mail.text).toMatch(/Failed\n- a\.jpg: The file is damaged\./);
});

it('names how many more there are than it lists', () => {
  expect(mailOf([image()], batch({ total: 101, organized: 101 })).text).toContain(
    '… and 100 more: https://images.example.org/api/batches/b1',
  );
});

it('lets no name or reason become HTML', () => {
  const mail = mailOf([image({ placement: placement({ filename: '<img src=x>.jpg', reason: '<script>' }) })]);
  expect(mail.html).not.toMatch(/<img|<script/);
});
