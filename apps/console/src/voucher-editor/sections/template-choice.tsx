import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { savedQuery } from '../../api/saved.ts';
import { BUILT_IN } from '../draft/templates.ts';
import { useWords } from '../editor-words.ts';

/** Links to the templates, above a new voucher. */
export function TemplateChoice({ chosen }: { chosen: string | undefined }) {
  const words = useWords();
  const { data: own = [] } = useQuery(savedQuery('templates'));
  const one = (template: string | undefined, name: string) => (
    <Link
      key={template ?? ''}
      to="/vouchers/new"
      search={{ template }}
      className="label"
      aria-current={template === chosen ? 'true' : undefined}
      replace
    >
      <bdi>{name}</bdi>
    </Link>
  );
  return (
    <nav className="row templates" aria-label={words('template.label')}>
      <span className="muted">{words('template.label')}</span>
      {one(undefined, words('template.blank'))}
      {BUILT_IN.map((template) => one(template, words(`template.${template}`)))}
      {own.map(({ name }) => one(`own:${name}`, name))}
    </nav>
  );
}
