import { chromium, type Browser, type Page } from 'playwright-core';
import { debian } from '../programs/debian';

/** Flags that let Chromium run as root, without a GPU, and without calls of its own to the internet. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Debian's Chromium without a window. Throws {@link ToolError} where it can neither be found nor installed. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await debian('chromium', 'chromium'), args: flags });
}

/**
 * What a page did that it should not: errors on its console, exceptions, requests to other places than `home`. The list
 * grows as they come.
 */
export function complaints(page: Page, home: string): string[] {
  const found: string[] = [];
  page.on('request', (asked) => {
    if (!asked.url().startsWith(home) && !asked.url().startsWith('data:')) found.push(`asks ${asked.url()}`);
  });
  page.on('pageerror', (error) => found.push(`throws ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()}`);
  });
  return found;
}
