// The controls of the builder, with names for screen readers in the reader's language.
import type { Node } from '@vouchers/contracts';
import { Icon } from '../../parts/icon.tsx';
import { Input, Select } from 'antd';
import { Button } from '../../parts/button.tsx';
import {
  isRuleGroup,
  type ActionProps,
  type ControlElementsProp,
  type FullField,
  type NotToggleProps,
  type ValueEditorProps,
  type VersatileSelectorProps,
} from 'react-querybuilder';
import { MoneyValue, MoneyValues } from './money-value.tsx';
import { useWords, type Words } from '../editor-words.ts';
import type { RuleName } from './rule-names.ts';

/** A field of the builder with its rule name and the node of the rule. */
export type RuleField = FullField & { rule: RuleName; node: Node };

const NativeSelect = ({
  options,
  value,
  handleOnChange,
  disabled,
  label,
}: VersatileSelectorProps & { label: string }) => (
  <select
    className="rule-select"
    aria-label={label}
    value={value}
    disabled={disabled}
    onChange={({ target }) => handleOnChange(target.value)}
  >
    {(options as { name: string; label: string }[]).map(({ name, label: text }) => (
      <option key={name} value={name}>
        {text}
      </option>
    ))}
  </select>
);

const named = (word: 'rule.combinator' | 'rule.name' | 'rule.operator') =>
  function NamedSelect(props: VersatileSelectorProps) {
    return <NativeSelect {...props} label={useWords()(word)} />;
  };

const adding = (word: 'rule.addRule' | 'rule.addGroup') =>
  function AddAction({ handleOnClick, disabled }: ActionProps) {
    return (
      <Button size="small" icon={<Icon of="Plus" />} disabled={disabled} onClick={handleOnClick}>
        {useWords()(word)}
      </Button>
    );
  };

function RemoveAction({ handleOnClick, disabled, ruleOrGroup }: ActionProps) {
  const words = useWords();
  const label = isRuleGroup(ruleOrGroup)
    ? words('rule.removeGroup')
    : words('rule.removeRule', { name: 'field' in ruleOrGroup ? ruleOrGroup.field : '' });
  return (
    <Button
      size="small"
      type="text"
      icon={<Icon of="Close" />}
      aria-label={label}
      disabled={disabled}
      onClick={handleOnClick}
    />
  );
}

function NotToggle({ checked, handleOnChange, disabled }: NotToggleProps) {
  const words = useWords();
  return (
    <label className="rule-not">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={({ target }) => handleOnChange(target.checked)}
      />
      {words('rule.not')}
    </label>
  );
}

function ValueEditor({ fieldData, operator, value, handleOnChange, disabled }: ValueEditorProps) {
  const words = useWords();
  const { rule, node } = fieldData as unknown as RuleField;
  const label = words('rule.value', { name: rule.name });
  if (rule.isMoney) {
    const Value = operator === 'in' || operator === 'notIn' ? MoneyValues : MoneyValue;
    return <Value label={label} node={node} disabled={disabled} value={value} onChange={handleOnChange} />;
  }
  const known = rule.values?.map((one) => ({ name: String(one), label: String(one) }));
  if (operator === 'in' || operator === 'notIn')
    return (
      <Select
        mode="tags"
        className="rule-values"
        aria-label={label}
        disabled={disabled}
        value={(Array.isArray(value) ? value : []).map(String)}
        onChange={handleOnChange}
        options={known?.map((one) => ({ value: one.name, label: one.label }))}
        tokenSeparators={[',']}
      />
    );
  if (rule.type === 'boolean')
    return (
      <select
        className="rule-select"
        aria-label={label}
        disabled={disabled}
        value={String(value)}
        onChange={({ target }) => handleOnChange(target.value === 'true')}
      >
        <option value="true">{words('rule.yes')}</option>
        <option value="false">{words('rule.no')}</option>
      </select>
    );
  if (known && (operator === '=' || operator === '!='))
    return (
      <select
        className="rule-select"
        aria-label={label}
        disabled={disabled}
        value={String(value)}
        onChange={({ target }) => handleOnChange(target.value)}
      >
        {(known.some(({ name }) => name === String(value))
          ? known
          : [{ name: String(value), label: String(value) }, ...known]
        ).map((one) => (
          <option key={one.name} value={one.name}>
            {one.label}
          </option>
        ))}
      </select>
    );
  return (
    <Input
      className="rule-value"
      aria-label={label}
      disabled={disabled}
      value={String(value ?? '')}
      inputMode={rule.type === 'number' ? 'decimal' : 'text'}
      onChange={({ target }) =>
        handleOnChange(rule.type === 'number' ? target.value.normalize('NFKC').trim() : target.value)
      }
    />
  );
}

export const CONTROLS: ControlElementsProp<FullField, string> = {
  addRuleAction: adding('rule.addRule'),
  addGroupAction: adding('rule.addGroup'),
  removeRuleAction: RemoveAction,
  removeGroupAction: RemoveAction,
  combinatorSelector: named('rule.combinator'),
  fieldSelector: named('rule.name'),
  operatorSelector: named('rule.operator'),
  notToggle: NotToggle,
  valueEditor: ValueEditor,
  inlineCombinator: null,
  dragHandle: null,
};

/** The first value of a new rule. */
export function firstValue({ type, values }: RuleName, operator: string): unknown {
  if (operator === 'in' || operator === 'notIn') return values ? [String(values[0])] : [];
  if (values) return values[0];
  switch (type) {
    case 'number':
      return 0;
    case 'boolean':
      return true;
    case 'string':
    case 'list':
    case 'timestamp':
      return '';
  }
}

export const operatorOptions = (names: readonly string[], words: Words) =>
  names.map((name) => ({
    name,
    label: words(`rule.operators.${name as 'in'}`),
  }));
