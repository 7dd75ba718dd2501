import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@image-organizer/testing/until';
import PostalMime from 'postal-mime';
import request from 'supertest';
import { startStandalone } from './start-standalone.ts';

let standalone: Awaited<ReturnType<typeof startStandalone>>;
beforeAll(async () => {
  standalone = await startStandalone({ REGISTRATION: 'invited' });
});
afterAll(() => standalone.stop());

const post = (path: string, body: object) => request(standalone.url).post(path).send(body);
const bob = { email: 'bob@example.org', password: 'battery staple' };

/** The text of the one mail whose file begins so. */
async function mailTo(prefix: string): Promise<string> {
  const files = async () => readdir(standalone.mailDirectory).catch(() => []);
  const find = async () => (await files()).find((name) => name.startsWith(prefix) && name.endsWith('.eml'));
  await until(async () => (await find()) !== undefined);
  const mail = await PostalMime.parse(await readFile(join(standalone.mailDirectory, (await find())!)));
  expect(mail.to).toEqual([{ address: bob.email, name: '' }]);
  return mail.text!;
}

it('When somebody is invited and then forgets the password, then the mails in DATA_DIR/mail let them in', async () => {
  await request(standalone.url)
    .post('/api/admin/invites')
    .set('Authorization', await standalone.authorization())
    .send({ email: bob.email })
    .expect(201);
  const invited = await mailTo('invite.');
  const [, invite] = new RegExp(`${standalone.url}/register\\?invite=([\\w-]+)`).exec(invited)!;
  await post('/register', { ...bob, invite }).expect(201);
  await post('/login', bob).expect(200);

  await post('/password-reset', { email: bob.email }).expect(202);
  const [, token] = new RegExp(`${standalone.url}/reset\\?token=([\\w-]+)`).exec(
    await mailTo('password-reset.'),
  )!;
  await post('/password-reset/confirm', { token, password: 'another staple' }).expect(204);
  await post('/login', bob).expect(401);
  await post('/login', { ...bob, password: 'another staple' }).expect(200);
});
