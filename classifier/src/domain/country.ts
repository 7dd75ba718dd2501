import { feature } from '@rapideditor/country-coder';

/** The English name of the country at a place, by borders that come with the package. @param location degrees, WGS 84 */
export function countryAt(location: { latitude: number; longitude: number }): string | undefined {
  return feature([location.longitude, location.latitude], { level: 'country' })?.properties.nameEn;
}
