import { isCidr } from '@image-organizer/adapters/http-client/public-address';
import { z } from 'zod';

const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Settings of whoever fetches URLs that its users name: part of the schema of such a service. */
export const fetchSettings = {
  FETCH_ALLOWED_NETWORKS: z
    .string()
    .default('')
    .transform(list)
    .refine(
      (networks) => networks.every(isCidr),
      'must be networks, with commas between: 10.1.0.0/16,fd00::/8',
    ),
  FETCH_PORTS: z
    .string()
    .default('80,443')
    .transform((text) => list(text).map(Number))
    .refine(
      (ports) =>
        ports.length > 0 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536),
      'must be port numbers, with commas between: 80,443',
    ),
};

/** As `createGuardedFetch` takes them. */
export const fetchOptionsOf = (env: { FETCH_ALLOWED_NETWORKS: string[]; FETCH_PORTS: number[] }) => ({
  fetch: { allowedNetworks: env.FETCH_ALLOWED_NETWORKS, ports: env.FETCH_PORTS },
});
