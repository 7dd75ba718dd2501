import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { image, type Image } from '@image-organizer/contracts/http/image';
import { until } from '@image-organizer/testing/until';
import sharp from 'sharp';
import request from 'supertest';
import { startStandalone } from './start-standalone.ts';

type Standalone = Awaited<ReturnType<typeof startStandalone>>;

let standalone: Standalone;
let authorization: string;
beforeAll(async () => {
  standalone = await startStandalone();
  authorization = await standalone.authorization();
}, 60_000);
afterAll(() => standalone.stop());

const call = (method: 'get' | 'post' | 'patch', path: string) =>
  request(standalone.url)[method](path).set('Authorization', authorization);

/** An invoice, typed. */
async function invoice(date: string, work: string, total: string): Promise<Buffer> {
  const lines = [
    'INVOICE number 2041',
    'Harbour Road Carpenters Limited',
    `Invoice date ${date}`,
    'Bill to Mrs Ada Lovelace',
    `Description of the work: ${work}`,
    `Amount due ${total} pounds`,
    'Payment due within 30 days of the invoice date',
    'Please quote the invoice number with your bank transfer',
  ];
  const text = { text: lines.join('\n'), font: 'DejaVu Sans 16', dpi: 144, spacing: 12 };
  return sharp({ text })
    .negate()
    .extend({ top: 60, bottom: 60, left: 60, right: 60, background: 'white' })
    .png()
    .toBuffer();
}

async function whenOrganized(id: string): Promise<Image> {
  let found: Image;
  await until(async () => {
    found = image.parse((await call('get', `/api/images/${id}`).expect(200)).body);
    return found.status === 'organized';
  });
  return found!;
}

async function organized(bytes: Buffer, filename: string): Promise<Image> {
  const { body } = await call('post', '/upload').attach('file', bytes, { filename }).expect(202);
  return whenOrganized(body.images[0].id as string);
}

const paths = async (): Promise<string[]> =>
  ((await call('get', '/api/folders').expect(200)).body.items as { path: string }[]).map(({ path }) => path);

it('When a folder is renamed, then a similar image goes to the renamed folder, the old one does not come back, and doing all again changes no place', async () => {
  const first = await organized(await invoice('03/02/2026', 'a new garden door', '140.00'), 'a.png');
  const before = first.placement!.folder;
  await call('patch', `/api/folders?path=${encodeURIComponent(before)}`)
    .send({ newPath: 'Kram/Haus' })
    .expect(200);

  const library = join(standalone.mailDirectory, '..', 'library', 'ada@example.org');
  await until(() => existsSync(join(library, 'Kram/Haus/a.png')) && !existsSync(join(library, before)));

  const next = await organized(await invoice('11/03/2026', 'shelves in the kitchen', '260.00'), 'b.png');
  expect(next.placement).toMatchObject({ folder: 'Kram/Haus', by: 'auto', model: 'local' });
  expect(await paths()).toEqual(['Kram/Haus']);

  const { body: plan } = await call('post', '/api/reprocess')
    .send({ dryRun: true, filter: { stale: true } })
    .expect(200);
  expect(plan.images).toBe(0); // all was done under the present settings
  const { body } = await call('post', '/api/reprocess')
    .send({ dryRun: false, filter: { folder: 'Kram' } })
    .expect(202);
  expect(body).toEqual({ queued: 2 });
  for (const { id, placement } of [first, next]) {
    const again = await whenOrganized(id);
    expect(again.stages.extract.attempts).toBe(1);
    expect(again.placement).toMatchObject({ folder: 'Kram/Haus', filename: placement!.filename });
    await call('post', `/api/images/${id}/undo`).expect(409); // there is no other place before
  }
  expect(await paths()).toEqual(['Kram/Haus']);
}, 180_000);
