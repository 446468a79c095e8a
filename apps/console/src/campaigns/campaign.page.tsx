/** Comes with its screen. */
export function CampaignPage() {
  return null;
}
