import type { PoolOptions } from 'mysql2/promise';

/**
 * `mysql://user:password@host:3306/database`. TLS is a parameter: `ssl=true` checks the server's certificate (further
 * authorities: NODE_EXTRA_CA_CERTS); `ssl={"ca":"…","rejectUnauthorized":…}` (URL-encoded) is what Node's tls takes.
 * @throws Error without the URL in it: it holds the password
 */
export function parseMySqlUrl(url: string): PoolOptions & { host: string; port: number } {
  if (!URL.canParse(url) || !/^mysql:\/\/[^/]+\/[^/?]+/.test(url))
    throw new Error('MYSQL_URL must look like mysql://user:password@host:3306/database');
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const unknown = [...searchParams.keys()].find((name) => name !== 'ssl');
  if (unknown !== undefined) throw new Error(`MYSQL_URL: ${unknown} is no parameter; there is only ssl`);
  return {
    host: hostname.replace(/^\[|\]$/g, ''), // an IPv6 address
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: sslOf(searchParams.get('ssl')),
  };
}

function sslOf(parameter: string | null): PoolOptions['ssl'] {
  if (parameter === null || parameter === 'false') return undefined;
  if (parameter === 'true') return {};
  const options = parseJson(parameter);
  if (typeof options !== 'object' || options === null)
    throw new Error('MYSQL_URL: ssl must be true, false or a JSON object');
  return options;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
