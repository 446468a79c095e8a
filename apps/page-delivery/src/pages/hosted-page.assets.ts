// The scripts of the browser's side, as built in apps/claim-widget: read once, kept as they go over the wire.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { notFound } from '@vouchers/service';

const BUILT = new URL('../../../claim-widget/dist/', import.meta.url);

/** What may be asked for, and as what it is answered. */
export const ASSETS = {
  'claim-widget.js': 'text/javascript; charset=utf-8',
  'hosted-page.js': 'text/javascript; charset=utf-8',
  'hosted-page.css': 'text/css; charset=utf-8',
} as const;
export type AssetName = keyof typeof ASSETS;

export interface Asset {
  readonly type: string;
  /** Of its content: an address that bears it never changes. */
  readonly version: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

@Injectable()
export class HostedPageAssets {
  private readonly known = new Map<AssetName, Asset>();

  /** Throws 404 while it is not built. */
  async get(name: AssetName): Promise<Asset> {
    const known = this.known.get(name);
    if (known) return known;
    const identity = await readFile(new URL(name, BUILT)).catch(() => {
      throw notFound();
    });
    const [gzipped, br] = await Promise.all([
      promisify(gzip)(identity, { level: 9 }),
      promisify(brotliCompress)(identity),
    ]);
    const version = createHash('sha256').update(identity).digest('base64url').slice(0, 16);
    const asset = { type: ASSETS[name], version, identity, gzip: gzipped, br };
    this.known.set(name, asset);
    return asset;
  }

  /** The path to write into a page; without a version while it is not built. */
  async pathOf(name: AssetName): Promise<string> {
    const asset = await this.get(name).catch(() => undefined);
    return asset ? `/${name}?v=${asset.version}` : `/${name}`;
  }
}
