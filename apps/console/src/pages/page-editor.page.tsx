import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { pageQuery } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { PageEditor } from './page-editor.tsx';

/** `/pages/{slug}`: the vouchers of a page in their order, and the tag for a site. */
export function PageEditorPage() {
  const { slug } = useParams({ from: '/frame/pages/$slug' });
  const found = useQuery({ ...pageQuery(slug), refetchOnWindowFocus: false });
  const [taken, setTaken] = useState(0);
  useTitle(found.data?.value.title);
  if (!found.data) {
    return found.error ? (
      <Problem error={found.error} onRetry={() => void found.refetch()} persistent />
    ) : (
      <Placeholder rows={6} height={44} />
    );
  }
  const { value, tag } = found.data;
  return <PageEditor key={`${slug} ${taken}`} page={value} tag={tag} onTakeTheirs={() => setTaken(taken + 1)} />;
}
