// The scripts for the browser, as apps/claim-widget builds them. They are read and compressed once, and kept in memory.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { notFound } from '@vouchers/service';

const BUILT = new URL('../../../claim-widget/dist/', import.meta.url);

/** The files that a browser may request, with their content types. */
export const ASSETS = {
  'claim-widget.js': 'text/javascript; charset=utf-8',
  'hosted-page.js': 'text/javascript; charset=utf-8',
  'hosted-page.css': 'text/css; charset=utf-8',
  'my-vouchers.js': 'text/javascript; charset=utf-8',
  'qr-code.js': 'text/javascript; charset=utf-8',
} as const;
export type AssetName = keyof typeof ASSETS;

export interface Asset {
  readonly type: string;
  /** A hash of the content. The file at an address with this version never changes. */
  readonly version: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

@Injectable()
export class HostedPageAssets {
  private readonly assets = new Map<AssetName, Asset>();

  /** 404 if the file is not built. */
  async get(name: AssetName): Promise<Asset> {
    const loaded = this.assets.get(name);
    if (loaded) return loaded;
    const identity = await readFile(new URL(name, BUILT)).catch(() => {
      throw notFound();
    });
    const [gzipped, br] = await Promise.all([
      promisify(gzip)(identity, { level: 9 }),
      promisify(brotliCompress)(identity),
    ]);
    const version = createHash('sha256').update(identity).digest('base64url').slice(0, 16);
    const asset = { type: ASSETS[name], version, identity, gzip: gzipped, br };
    this.assets.set(name, asset);
    return asset;
  }

  /** The path for links in a page. It has no version if the file is not built. */
  async pathOf(name: AssetName): Promise<string> {
    const asset = await this.get(name).catch(() => undefined);
    return asset ? `/${name}?v=${asset.version}` : `/${name}`;
  }
}
