import { createPublicImageUrl, libraryKeyOf } from './s3-keys.ts';

const place = { endpoint: 'https://s3.example.org', bucket: 'images', forcePathStyle: true };

it.each([
  ['in the path', place, 'https://s3.example.org/images/compressed/1.jpg'],
  ['in the host', { ...place, forcePathStyle: false }, 'https://images.s3.example.org/compressed/1.jpg'],
  [
    'behind a CDN',
    { ...place, publicUrl: 'https://cdn.example.org/a' },
    'https://cdn.example.org/a/compressed/1.jpg',
  ],
])('When the bucket stands %s, then links lead there', (_case, at, url) => {
  expect(createPublicImageUrl(at)('1')).toBe(url);
});

it('When every name is as long as it may be, then the key is not too long for S3', () => {
  const long = '日'.repeat(300);
  const key = libraryKeyOf({ owner: long, folder: [long, long, long, long].join('/'), filename: long });
  expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
});
