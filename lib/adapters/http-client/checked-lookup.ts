import { lookup as askSystem, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { limitConcurrency } from '@image-organizer/platform/limit-concurrency';
import { ForbiddenAddressError } from './guarded-fetch-errors.ts';

/** Asks for every address of a name, as node:dns.lookup with `all` does. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * What a socket asks before it connects. It hears only addresses that were checked, and connects to these: between the
 * check and the connection nothing is looked up again. One bad address condemns the name.
 */
export function createCheckedLookup(
  isAllowed: (address: string) => boolean,
  lookup: Lookup = systemLookup(),
): LookupFunction {
  return (hostname, { all }, callback) =>
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isAllowed(address)))
        return callback(new ForbiddenAddressError(hostname), []);
      if (all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
}

/** A name whose server does not answer holds a thread, of the four that this process has for its files too. */
const lookupsAtOnce = 2;

function systemLookup(): Lookup {
  const inTurn = limitConcurrency(lookupsAtOnce);
  return (hostname, options, callback) =>
    void inTurn(
      () =>
        new Promise<void>((resolve) =>
          askSystem(hostname, options, (error, addresses) => {
            resolve();
            callback(error, addresses);
          }),
        ),
    );
}
