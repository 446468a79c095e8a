// A section that opens the till. The till is loaded and asks the platform only then.
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Placeholder } from '../../parts/placeholder.tsx';
import { useWords } from '../editor-words.ts';
import { Section } from '../sections/section.tsx';

const Till = lazy(() => import('./till.tsx'));

export function TillSection() {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Section name="till">
      <p className="muted">{words('till.text')}</p>
      {isOpen ? (
        <Suspense fallback={<Placeholder height={240} />}>
          <Till />
        </Suspense>
      ) : (
        <div>
          <Button onClick={() => setOpen(true)}>{words('till.open')}</Button>
        </div>
      )}
    </Section>
  );
}
