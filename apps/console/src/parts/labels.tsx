import { Link } from '@tanstack/react-router';
import './labels.css';

/** A voucher's labels. Each links to all vouchers with that label. */
export function Labels({ labels }: { labels: Record<string, string> }) {
  return Object.entries(labels).map(([key, value]) => (
    <Link key={key} to="/labels/$label" params={{ label: `${key}:${value}` }} className="label" preload={false}>
      {key}:<bdi>{value}</bdi>
    </Link>
  ));
}
