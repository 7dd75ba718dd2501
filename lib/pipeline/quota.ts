import type { LibraryCatalog } from '@image-organizer/adapters/catalog/catalog';
import type { Quota } from '@image-organizer/contracts/http/access-token';

/** What is left of an owner's quota while files of one request, or rows of one import, are taken. */
export interface QuotaLeft {
  /** @param size bytes @returns why there is no room for one more image of this size; undefined: there is */
  refusal(size: number): string | undefined;
  /** As `refusal`, and counts the image where there is room. */
  take(size: number): string | undefined;
}

/** The account's own word goes before the settings' (DEFAULT_QUOTA_IMAGES, DEFAULT_QUOTA_BYTES). */
export const quotaOr = (own: Quota, otherwise: Quota): Quota => ({
  images: own.images ?? otherwise.images,
  bytes: own.bytes ?? otherwise.bytes,
});

/**
 * Asks the catalogue once, and not at all where there is no limit; then counts by itself. What others take meanwhile is
 * not seen: uploads that run at once may go beyond the quota by what they bring. The trash counts until it is emptied.
 */
export async function quotaLeft(
  catalog: Pick<LibraryCatalog, 'usageOf'>,
  ownerId: string,
  { images, bytes }: Quota,
): Promise<QuotaLeft> {
  if (images === null && bytes === null) return { refusal: () => undefined, take: () => undefined };
  const used = await catalog.usageOf(ownerId);
  const refusal = (size: number) => {
    if (images !== null && used.images + 1 > images)
      return `Your quota is ${images} images, and you have ${used.images}. ${remedy}`;
    if (bytes !== null && used.bytes + size > bytes)
      return `Your quota is ${bytes} bytes, and you have ${used.bytes}; the file has ${size}. ${remedy}`;
    return undefined;
  };
  return {
    refusal,
    take(size) {
      const refused = refusal(size);
      if (refused !== undefined) return refused;
      used.images += 1;
      used.bytes += size;
      return undefined;
    },
  };
}

const remedy = 'Delete images (the trash counts until it is emptied), or ask an administrator for more.';
