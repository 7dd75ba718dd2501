import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const globalUnicast = ipaddr.parseCIDR('2000::/3'); // the only part of IPv6 that was given out
/** Answers to virtual machines of Azure alone, though it is a public address. */
const azureWireServer = '168.63.129.16';

/**
 * Says of an IP address in any notation whether it is public unicast, or in one of the networks that are allowed besides.
 * An IPv4 address in an IPv6 one (mapped, NAT64) counts as what it is. What is no address is not allowed.
 * @param allowedNetworks CIDRs: 10.1.0.0/16, fd00::/8
 */
export function createAddressCheck(allowedNetworks: string[]): (address: string) => boolean {
  const networks = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = embedded(ipaddr.process(text));
    return isPublic(address) || networks.some((network) => isIn(address, network));
  };
}

const isPublic = (address: Address) =>
  address.range() === 'unicast' &&
  (address.kind() === 'ipv4' ? address.toString() !== azureWireServer : isIn(address, globalUnicast));

const isIn = (address: Address, [network, bits]: [Address, number]) =>
  address.kind() === network.kind() && address.match(network, bits);

/** The IPv4 address that a NAT64 gateway (RFC 6052, 64:ff9b::/96) sends to. */
const embedded = (address: Address): Address =>
  address.range() === 'rfc6052' ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;

/** Whether it is a network as `createAddressCheck` takes it. */
export const isCidr = (text: string): boolean => ipaddr.isValidCIDR(text);
