// A CodeMirror editor for CEL. It underlines errors, and completes only names that the node can use.
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import CodeMirror, {
  Decoration,
  EditorState,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type Extension,
  type ReactCodeMirrorRef,
} from '@uiw/react-codemirror';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { faultShown } from '../../parts/fault-text.ts';
import type { RuleCheck } from '../../api/answers.ts';
import { offsetIn } from './rule-place.ts';
import type { RuleName } from './rule-names.ts';

interface Props {
  id: string;
  label: string;
  value: string;
  locked: boolean;
  names: readonly RuleName[];
  errors: RuleCheck['errors'];
  onChange(value: string): void;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/** The crosshair is left out: it is a style attribute, which the content security policy blocks. */
const BASICS = {
  lineNumbers: false,
  foldGutter: false,
  highlightActiveLine: false,
  searchKeymap: false,
  rectangularSelection: false,
  crosshairCursor: false,
};

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^["']/, 'cel-text'],
  [/^\d/, 'cel-number'],
  [/^(?:true|false|null|in)$/, 'cel-word'],
  [/./, 'cel-name'],
];
const marks = new MatchDecorator({
  regexp:
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b\d+(?:\.\d+)?u?\b|\b(?:true|false|null|in)\b|\b(?:user|order|claim|page|voucher|counters|now)\b/g,
  decoration: ([text]) => Decoration.mark({ class: KINDS.find(([pattern]) => pattern.test(text))![1] }),
});
const colours = ViewPlugin.define(
  (view) => ({
    decorations: marks.createDeco(view),
    update(update) {
      this.decorations = marks.updateDeco(update, this.decorations);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

/** When coloured text is typed over, browsers keep its colour by a style attribute, which the policy blocks. */
const typingOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || !event.data || view.composing || view.state.selection.main.empty)
      return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

const FUNCTIONS = ['has', 'size', 'startsWith', 'endsWith', 'contains', 'exists', 'all', 'timestamp', 'duration'];

/** Completion of names and functions at the cursor. */
function completion(names: readonly RuleName[]): Extension {
  const options = [
    ...names.map(({ name, type, values }) => ({
      label: name,
      type: 'variable',
      detail: values ? values.slice(0, 4).join(' | ') : type,
    })),
    ...FUNCTIONS.map((name) => ({ label: name, type: 'function', apply: `${name}(`, boost: -1 })),
  ];
  const autocomplete = (context: {
    explicit: boolean;
    matchBefore(pattern: RegExp): { from: number; text: string } | null;
  }) => {
    const word = context.matchBefore(/[\w.[\]"]+/);
    return word || context.explicit ? { from: word?.from ?? 0, options, validFor: /^[\w.[\]"]*$/ } : null;
  };
  return EditorState.languageData.of(() => [{ autocomplete }]);
}

export function CelEditor({ id, label, value, locked, names, errors, onChange }: Props) {
  const { t } = useTranslation();
  const editor = useRef<ReactCodeMirrorRef>(null);
  const extensions = useMemo(
    () => [
      EditorView.cspNonce.of(nonce),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, id, spellcheck: 'false' }),
      colours,
      typingOver,
      completion(names),
    ],
    [id, label, names],
  );
  useEffect(() => {
    const view = editor.current?.view;
    if (!view) return;
    const text = view.state.doc.toString();
    const diagnostics = errors.map((error): Diagnostic => {
      const { line, column } = error;
      const message = faultShown({ ...error, pointer: '' }, t);
      const { from, to } = offsetIn(text, line, column);
      return { from, to, message, severity: 'error' };
    });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }, [errors, t]);
  return (
    <CodeMirror
      ref={editor}
      className="cel-editor"
      theme="none"
      value={value}
      onChange={onChange}
      editable={!locked}
      indentWithTab={false}
      extensions={extensions}
      basicSetup={BASICS}
    />
  );
}
