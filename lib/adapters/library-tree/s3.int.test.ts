import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { describeLibraryTree } from '@image-organizer/testing/describe-library-tree';
import { BlobNotFoundError } from '../blob-store/blob-store.ts';
import { createPublicImageUrl } from './s3-keys.ts';
import { createS3Library, type S3Options } from './s3.ts';

const endpoint = process.env['S3_ENDPOINT'];
const describeServer = endpoint ? describe : describe.skip;

const server = {
  endpoint: endpoint ?? '',
  region: 'us-east-1',
  accessKeyId: process.env['S3_ACCESS_KEY_ID'] ?? 'test',
  secretAccessKey: process.env['S3_SECRET_ACCESS_KEY'] ?? 'testtest',
  forcePathStyle: true,
};
const client = new S3Client({ ...server, credentials: server });
afterAll(() => client.destroy());

/** A library in a bucket of its own. */
async function startLibrary(overrides: Partial<S3Options> = {}) {
  const Bucket = `library-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  const stored = new Map<string, string>();
  const opened: string[] = [];
  const find = (id: string) => {
    const text = stored.get(id);
    if (text === undefined) throw new BlobNotFoundError(id);
    return text;
  };
  const blobs = {
    stat: async (id: string) => ({ id, size: Buffer.byteLength(find(id)), sha256: '' }),
    async open(id: string) {
      opened.push(id);
      return Readable.from([Buffer.from(find(id))]);
    },
  };
  const library = createS3Library({ ...server, bucket: Bucket, blobs, ...overrides });
  const keys = async () =>
    ((await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [])
      .filter(({ Size }) => Size! > 0) // a gateway to a file system lists folders too
      .map(({ Key }) => Key!)
      .sort();
  const textAt = async (Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
  return {
    ...{ library, stored, opened, keys, textAt },
    head: (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key })),
    bucket: Bucket,
    store: async (blob: string, text: string) => void stored.set(blob, text),
    async files() {
      const inLibrary = (await keys()).filter((key) => key.startsWith('library/'));
      return Promise.all(
        inLibrary.map(async (key): Promise<[string, string]> => [
          key.slice('library/'.length),
          await textAt(key),
        ]),
      );
    },
    dispose: () => library.close(),
  };
}

describeServer('on the server that S3_ENDPOINT names', () => {
  describeLibraryTree('s3', startLibrary);

  describe('s3', () => {
    let s3: Awaited<ReturnType<typeof startLibrary>>;
    beforeEach(async () => {
      s3 = await startLibrary();
      s3.stored.set('image-1.1.compressed', 'first');
      s3.stored.set('image-1.2.compressed', 'second');
    });
    afterEach(() => s3.dispose());

    it('When an image is placed, then it is served as what it is', async () => {
      await s3.library.place(
        'image-1.1.compressed',
        { owner: 'anna@example.com', folder: 'Überweisungen', filename: 'a b+c.png' },
        'image/png',
      );
      expect(await s3.keys()).toEqual(['library/anna@example.com/Überweisungen/a b+c.png']);
      expect((await s3.head((await s3.keys())[0]!)).ContentType).toBe('image/png');
    });

    it('When an image is published again, then its bytes are sent only where they are others', async () => {
      for (const epoch of [1, 1, 2, 2]) await s3.library.publish(`image-1.${epoch}.compressed`, 'image-1');
      expect(s3.opened).toEqual(['image-1.1.compressed', 'image-1.2.compressed']);
      expect(await s3.keys()).toEqual(['compressed/image-1.jpg']);
      expect(await s3.textAt('compressed/image-1.jpg')).toBe('second');
      expect((await s3.head('compressed/image-1.jpg')).ContentType).toBe('image/jpeg');
      await s3.library.unpublish('image-1');
      expect(await s3.keys()).toEqual([]);
    });

    it('When a link is made, then it leads to what is published', async () => {
      await s3.library.publish('image-1.1.compressed', 'image-1');
      const url = createPublicImageUrl({ ...server, bucket: s3.bucket })('image-1');
      expect(url).toBe(`${server.endpoint}/${s3.bucket}/compressed/image-1.jpg`);
      expect(await s3.textAt(new URL(url).pathname.split('/').slice(2).join('/'))).toBe('first');
    });

    it('When the server cannot be reached, or the key is wrong, then placing fails', async () => {
      const path = { owner: 'anna@example.com', folder: 'Receipts', filename: 'a.png' };
      for (const wrong of [{ endpoint: 'http://127.0.0.1:1' }, { secretAccessKey: 'wrong' }]) {
        const { library, store } = await startLibrary(wrong);
        await store('one', 'one');
        await expect(library.place('one', path, 'image/png')).rejects.toThrow();
        await library.close();
      }
    });
  });
});
