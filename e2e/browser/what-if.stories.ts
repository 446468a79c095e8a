// Stories of "What if" in the console, for a spec that has started it.
import { describe, expect, it } from '@jest/globals';
import type { Voucher } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { Actor } from '../actor.ts';
import { send } from '../requests.ts';
import { axeFaults } from './axe.ts';
import type { RunningConsole } from './console.ts';

/** The users who ask, in this order, with the tier. Silver is refused by the rule that was in force. */
const ASKING = [
  ['ann', 'gold'],
  ['bo', 'silver'],
  ['cy', 'gold'],
  ['di', 'gold'],
] as const;

export function tellWhatIf(running: () => RunningConsole): void {
  describe('what if', () => {
    it('shows what a draft would have done, with both traces, and saves it as a new version', async () => {
      const { services, token } = running();
      const actor = await Actor.of(services);
      const { id } = await actor.published({
        name: 'Asked about',
        quantities: { claim: 10 },
        nodes: { claim: { when: 'user.tier == "gold"' } },
      });
      for (const [user, tier] of ASKING) {
        const { status } = await actor.claim(id, { user, attributes: { tier } });
        expect([user, status]).toEqual([user, tier === 'gold' ? 201 : 409]);
      }
      const tab = await running().at(`/vouchers/${id}/edit`);
      const { page } = tab;
      await page.locator('#field-quantities-claim').fill('2');
      const rule = page.getByLabel('CEL condition of the Claim node');
      await rule.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText('user.tier in ["gold", "silver"]');
      await page.getByRole('button', { name: 'What if …' }).press('Enter');
      await page.getByText('history gives all 4 decisions again: 0 differ').waitFor();
      // bo would have it instead of cy and di, whose units are gone by then.
      const wins = page.getByRole('region', { name: 'Who would get it' });
      const loses = page.getByRole('region', { name: 'Who would not get it' });
      expect(await wins.locator('tbody tr').allInnerTexts()).toEqual([expect.stringMatching(/^bo\b[^]*granted/)]);
      expect(await loses.locator('tbody th').allInnerTexts()).toEqual(['cy', 'di']);
      await page.getByText('1 claim that history never had').first().waitFor();
      expect(await axeFaults(page)).toEqual([]);
      await wins.getByRole('button', { name: /^Show: Both traces of bo/ }).press('Enter');
      const traces = page.getByRole('dialog');
      await traces.getByText('Refused: Claim rule not met').waitFor();
      await traces.locator('.decision-verdict').filter({ hasText: 'granted' }).waitFor();
      expect(await axeFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.setViewportSize({ width: 390, height: 844 });
      // A chart follows the width a frame later.
      await page.waitForFunction(() => document.documentElement.scrollWidth === innerWidth);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole('button', { name: 'Save it as a new version' }).press('Enter');
      await page.getByRole('button', { name: /^Review 2 changes/ }).click();
      await page.getByRole('button', { name: 'Save, live at once' }).click();
      await eventually('it is saved', async () => {
        const url = `${services.urls.config}/v1/vouchers/${id}`;
        const { body } = await send<Voucher>('GET', url, { token });
        return body.version === 2 && body.quantities.claim === 2 && body.nodes.claim.when.includes('silver');
      });
    }, 90_000);
  });
}
