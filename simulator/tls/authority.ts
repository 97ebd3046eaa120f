import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as fs from 'node:fs';
import { isIP } from 'node:net';
import * as path from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/*
 * A certificate authority of the simulator's own, so that a program that asks a provider by its name can be sent here:
 * it has to trust one file, and no other setting of it is changed. (@peculiar/x509 needs reflect-metadata to be there
 * first.)
 */

/** A certificate and its private key, in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A folder that no authority can be kept in. The message is a sentence. */
export class TlsError extends Error {}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Some clients refuse a server's certificate that is valid for more than 825 days. */
const SERVER_DAYS = 365;

/** Of what is made for no name in particular: a client that names no server, or an address. */
export const OWN_NAMES = ['localhost', 'simulator', '127.0.0.1', '::1'] as const;

async function newKeys(): Promise<{ keys: webcrypto.CryptoKeyPair; pem: string }> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  return { keys, pem: PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
}

/** From an hour ago, for clients whose clock is behind. */
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + days * DAY_MS),
});
/** 16 bytes, the first not 0 and below 128: a serial number is positive. */
const serialNumber = (): string => `4${randomBytes(16).toString('hex').slice(1)}`;

/** Makes an authority. */
export async function makeAuthority(): Promise<Identity> {
  const { keys, pem } = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // A name of its own each time: a client that trusts two of them must not take one for the other.
    name: `CN=gsai-perf simulator CA ${randomBytes(4).toString('hex')}`,
    ...validity(CA_DAYS),
    keys,
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: `${pem}\n` };
}

/** A certificate for these names and addresses, signed by the authority: a server's, or a client's. */
export async function issue(
  authority: Identity,
  names: readonly string[],
  of: 'server' | 'client' = 'server',
): Promise<Identity> {
  const issuer = new X509Certificate(authority.cert);
  const { keys, pem } = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=gsai-perf simulator',
    issuer: issuer.subject,
    ...validity(SERVER_DAYS),
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority),
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([of === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) > 0 ? 'ip' : 'dns', value }))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: `${pem}\n` };
}

function signingKeyOf({ key }: Identity): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(key), EC, false, ['sign']);
}

/**
 * The authority that is kept in a folder, made there the first time: who trusts it goes on doing so after a new start.
 * Gives it with the path of the file to trust. Throws a TlsError.
 */
export async function keepAuthority(folder: string): Promise<{ authority: Identity; file: string }> {
  const file = path.resolve(folder, 'ca.pem');
  const keyFile = path.resolve(folder, 'ca-key.pem');
  try {
    if (fs.existsSync(file) && fs.existsSync(keyFile)) {
      const authority = { cert: fs.readFileSync(file, 'utf8'), key: fs.readFileSync(keyFile, 'utf8') };
      await checkAuthority(authority, folder);
      return { authority, file };
    }
    if (fs.existsSync(file) || fs.existsSync(keyFile))
      throw new TlsError(`${folder} has only one of ca.pem and ca-key.pem: remove it, and both are made anew.`);
    const authority = await makeAuthority();
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(keyFile, authority.key, { mode: 0o600, flag: 'wx' });
    fs.writeFileSync(file, authority.cert);
    return { authority, file };
  } catch (error) {
    if (error instanceof TlsError) throw error;
    throw new TlsError(`The certificate authority cannot be kept in ${folder}: ${(error as Error).message}`);
  }
}

/** An authority is asked for one certificate, and that is checked: the two files must belong together. */
async function checkAuthority(authority: Identity, folder: string): Promise<void> {
  const issuer = new X509Certificate(authority.cert);
  if (issuer.notAfter.getTime() < Date.now())
    throw new TlsError(
      `The certificate authority in ${folder} is out of date: remove ca.pem and ca-key.pem there, and both are made anew.`,
    );
  const { cert } = await issue(authority, OWN_NAMES);
  if (await new X509Certificate(cert).verify({ publicKey: issuer.publicKey, signatureOnly: true })) return;
  throw new TlsError(`In ${folder} ca.pem and ca-key.pem do not belong together: remove both, and they are made anew.`);
}
