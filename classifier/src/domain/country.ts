import { iso1A2Code } from '@rapideditor/country-coder';

/** The English name of the country at a place, by borders that come with the package. @param location degrees, WGS 84 */
export function countryAt(location: { latitude: number; longitude: number }): string | undefined {
  const code = iso1A2Code([location.longitude, location.latitude], { level: 'country' });
  return code === null ? undefined : new Intl.DisplayNames(['en'], { type: 'region' }).of(code);
}
