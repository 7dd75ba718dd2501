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

/** A till receipt, typed. */
async function receipt(lines: string[]): Promise<Buffer> {
  const text = { text: lines.join('\n'), font: 'DejaVu Sans 16', dpi: 144, spacing: 12 };
  return sharp({ text })
    .negate()
    .extend({ top: 60, bottom: 60, left: 60, right: 60, background: 'white' })
    .png()
    .toBuffer();
}

const ofAcme = (date: string, items: string[], total: string) =>
  receipt([
    'ACME HARDWARE WAREHOUSE',
    'Industrial Estate, Millbrook',
    `Date ${date}`,
    ...items,
    `TOTAL ${total}`,
    'CARD PAYMENT',
    'Returns within 28 days',
  ]);

async function organized(bytes: Buffer, filename: string): Promise<Image> {
  const { body } = await call('post', '/upload').attach('file', bytes, { filename }).expect(202);
  const id = body.images[0].id as string;
  let found: Image;
  await until(async () => {
    found = image.parse((await call('get', `/api/images/${id}`).expect(200)).body);
    return found.status === 'organized';
  });
  return found!;
}

it('When three receipts of one shop are moved to a folder, then the next one of that shop goes there by itself, without any LLM', async () => {
  const first = [
    await organized(await ofAcme('03/02/2026', ['Claw hammer 14.50', 'Wood screws 3.20'], '17.70'), 'a.png'),
    await organized(
      await ofAcme('11/03/2026', ['Paint roller 6.00', 'White emulsion 22.00'], '28.00'),
      'b.png',
    ),
    await organized(
      await ofAcme('29/04/2026', ['Spirit level 11.99', 'Masking tape 2.50'], '14.49'),
      'c.png',
    ),
  ];
  const [before] = new Set(first.map(({ placement }) => placement!.folder));
  expect(before).not.toBe('Shopping/Acme');
  for (const { id } of first)
    await call('patch', `/api/images/${id}`).send({ folder: 'Shopping/Acme' }).expect(200);

  const library = join(standalone.mailDirectory, '..', 'library', 'ada@example.org');
  await until(async () => {
    const { body } = await call('get', '/api/folders').expect(200);
    const acme = body.items.find(({ path }: { path: string }) => path === 'Shopping/Acme');
    return acme.commonWords.includes('hammer') && acme.commonWords.includes('level');
  });
  await until(() => existsSync(join(library, 'Shopping/Acme/c.png')) && !existsSync(join(library, before!)));

  const next = await organized(
    await ofAcme('17/06/2026', ['Cordless drill 79.00', 'Drill bits 9.95'], '88.95'),
    'd.png',
  );
  expect(next.placement).toMatchObject({ folder: 'Shopping/Acme', by: 'auto', model: 'local' });

  const elsewhere = await organized(
    await receipt([
      'BLUE LAGOON DINER',
      'Table 7',
      'Fish and chips 12.40',
      'Lemonade 3.10',
      'TOTAL 15.50',
      'CASH',
    ]),
    'e.png',
  );
  expect(elsewhere.placement!.folder).not.toBe('Shopping/Acme');
}, 180_000);
