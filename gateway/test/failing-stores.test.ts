import { jpeg } from './support/files.ts';
import { startGateway, type GatewayTestOptions } from './support/start-gateway.ts';

const failing = () => Promise.reject(new Error('the store is down'));

describe('When a store fails in the middle of an upload', () => {
  it.each<[string, GatewayTestOptions]>([
    ['opening the upload', { catalog: (real) => withMethods(real, { openUpload: failing }) }],
    ['storing the bytes', { blobs: (real) => withMethods(real, { put: failing }) }],
    ['opening the batch', { catalog: (real) => withMethods(real, { openBatch: failing }) }],
    ['accepting the image', { catalog: (real) => withMethods(real, { acceptImage: failing }) }],
  ])('by %s, then it is 503 and nothing is left', async (_step, options) => {
    const gateway = await startGateway(options);
    const upload = gateway.post('/upload').attach('a', jpeg(), { filename: 'a.jpg' });
    const { body, headers } = await upload.attach('b', jpeg(500_000), { filename: 'b.jpg' }).expect(503);
    expect(body.code).toBe('STORAGE_UNAVAILABLE');
    expect(headers['retry-after']).toBe('5');
    expect(await gateway.leftovers()).toEqual([]);
    expect(await gateway.catalog.unfinishedBatches(new Date(Date.now() + 1e12), 10)).toEqual([]);
    await gateway.stop();
  });

  it('by a lost answer of an image that was accepted all the same, then its bytes are kept', async () => {
    const gateway = await startGateway({
      catalog: (real) =>
        withMethods(real, {
          acceptImage: async (...given) => {
            await real.acceptImage(...given);
            throw new Error('the answer was lost');
          },
        }),
    });
    await gateway.post('/upload').attach('a', jpeg(), { filename: 'a.jpg' }).expect(503);
    const { body } = await gateway.get('/api/images').expect(200);
    await gateway.get(body.items[0].links.original).expect(200);
    await gateway.stop();
  });

  it('by closing the batch, then the images are accepted all the same', async () => {
    const gateway = await startGateway({ catalog: (real) => withMethods(real, { sealBatch: failing }) });
    await gateway.post('/upload').attach('a', jpeg(), { filename: 'a.jpg' }).expect(202);
    await gateway.stop();
  });
});

/** The store with some of its methods replaced. */
const withMethods = <Store extends object>(real: Store, methods: Partial<Store>): Store =>
  new Proxy(real, {
    get: (target, name) => Reflect.get(name in methods ? methods : target, name) as unknown,
  });
