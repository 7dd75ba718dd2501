import type { ImageMetadata } from '@image-organizer/contracts/http/image';
import readExif, { type Exif, type GPSInfoTags } from 'exif-reader';

export type ExifFacts = Pick<ImageMetadata, 'takenAt' | 'camera' | 'location'>;

const nothing: ExifFacts = { takenAt: null, camera: null, location: null };

/** What EXIF says of time, camera and place. Broken or hostile EXIF says nothing; it never fails the image. */
export function exifFacts(exif: Buffer | undefined): ExifFacts {
  if (!exif) return nothing;
  try {
    const tags = readExif(exif);
    return { takenAt: takenAt(tags), camera: camera(tags), location: location(tags.GPSInfo) };
  } catch {
    return nothing;
  }
}

/** EXIF's times are local; exif-reader hands them out as if they were UTC. */
function takenAt({ Photo, Image }: Exif): string | null {
  const when: unknown = Photo?.DateTimeOriginal ?? Photo?.DateTimeDigitized ?? Image?.DateTime;
  if (!(when instanceof Date) || Number.isNaN(when.getTime())) return null;
  const local = when.toISOString().slice(0, 19);
  if (!/^\d{4}-/.test(local)) return null;
  const zone: unknown = Photo?.OffsetTimeOriginal ?? Photo?.OffsetTime;
  return typeof zone === 'string' && /^[+-]\d\d:\d\d/.test(zone) ? local + zone.slice(0, 6) : local;
}

/** Many models begin with their maker: "Canon EOS 40D". */
function camera({ Image }: Exif): string | null {
  const [make, model] = [plain(Image?.Make), plain(Image?.Model)];
  return (model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`).trim() || null;
}

/** Text from a file: printable, of bounded length. */
const plain = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
        .trim()
        .slice(0, 100)
    : '';

function location(gps: Partial<GPSInfoTags> | undefined): ImageMetadata['location'] {
  const latitude = degrees(gps?.GPSLatitude, gps?.GPSLatitudeRef, { positive: 'N', negative: 'S', most: 90 });
  const longitude = degrees(gps?.GPSLongitude, gps?.GPSLongitudeRef, {
    positive: 'E',
    negative: 'W',
    most: 180,
  });
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

/** Degrees, minutes and seconds with a hemisphere (Exif 2.32 §4.6.6) as signed degrees, to about 10 cm. */
function degrees(
  parts: unknown,
  hemisphere: unknown,
  { positive, negative, most }: { positive: string; negative: string; most: number },
): number | null {
  if (!Array.isArray(parts) || typeof hemisphere !== 'string') return null;
  const sign = { [positive]: 1, [negative]: -1 }[hemisphere.charAt(0)];
  const [whole, minutes = 0, seconds = 0] = parts.map(Number);
  const value = whole! + minutes / 60 + seconds / 3600;
  // Not `value > most`: a broken fraction is NaN.
  return sign !== undefined && value >= 0 && value <= most ? (sign * Math.round(value * 1e6)) / 1e6 : null;
}
