import type { Platform } from '../build/compile';
import { ToolError } from '../programs/process';

/** What archives are made for. */
export const platforms: readonly Platform[] = (['linux', 'darwin', 'windows'] as const).flatMap((os) =>
  (['amd64', 'arm64'] as const).map((arch) => ({ os, arch })),
);

/** Those whose archive is run by a test; the others are compiled, and say that nobody tried them. */
export const tried: readonly string[] = ['linux-amd64'];

/** As in an archive's name: linux-amd64. */
export const platformName = ({ os, arch }: Platform): string => `${os}-${arch}`;

/** This machine's own. Throws {@link ToolError} where there is no archive for it. */
export function ownPlatform(): Platform {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const own = platforms.find((one) => one.os === os && one.arch === arch);
  if (!own) throw new ToolError(`there is no archive for ${os} on ${arch}`);
  return own;
}
