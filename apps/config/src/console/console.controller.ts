import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@vouchers/service';
import { ConfigSettings } from '../config.settings.ts';

@Controller()
export class ConsoleController {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  /** Where the console finds the services and who signs its users in. */
  @Get('console.json')
  @Public()
  addresses(): { issuer: string; audience: string; pageDelivery: string; ledger: string } {
    const { issuer, audience, pageDeliveryUrl, ledgerUrl } = this.settings;
    return { issuer, audience, pageDelivery: pageDeliveryUrl, ledger: ledgerUrl };
  }
}
