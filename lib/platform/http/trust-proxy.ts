import express, { type Express } from 'express';
import { z } from 'zod';

/** For a server that only other services of ours reach. */
export const privateNetworks = 'loopback, linklocal, uniquelocal';

/**
 * Makes `request.ip` the client's address: the last one of X-Forwarded-For that no proxy of ours has.
 * @param proxies addresses, ranges and express's names for them, with commas between; empty: nobody is believed
 * @throws TypeError where one of them is none
 */
export const trustProxy = (app: Express, proxies: string): Express => app.set('trust proxy', proxies || []);

/** TRUST_PROXY. Nobody's header is believed unless it is set: any client can write it. */
export const trustProxySetting = z
  .string()
  .refine(isTrustable, `must be addresses or ranges, with commas between: 10.0.0.0/8, or ${privateNetworks}`)
  .default('');

function isTrustable(proxies: string): boolean {
  try {
    trustProxy(express(), proxies);
    return true;
  } catch {
    return false;
  }
}
