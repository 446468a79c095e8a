// Checks a whole body and reports all faults with JSON pointers, including unknown and missing fields.
import type { Fault } from '@vouchers/contracts';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { escape, type BodyCheck } from './compiled.body.ts';
import { badRequest } from './problem.ts';

type BodyClass = (new () => object) & {
  /** Checks that decorators cannot express, or that are slow on long lists. The object is unchecked. */
  faults?(body: object): Fault[];
};

/**
 * The faults of a raw body. class-validator's decorators check its fields; the class's `faults` checks lists and nested
 * objects. Pointers are RFC 6901.
 */
export function faultsOf(Body: BodyClass, body: unknown): Fault[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return [{ pointer: '', message: 'must be a JSON object' }];
  const { constructor: _, ...fields } = body;
  // class-validator finds a body's class by this property, so it cannot be a field.
  const shadowing = Object.hasOwn(body, 'constructor') ? [faultAt('/constructor', 'is not a known field')] : [];
  const errors = validateSync(Object.assign(new Body(), fields), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  return [...shadowing, ...errors.flatMap(faultsIn), ...(Body.faults?.(body) ?? [])];
}

const faultAt = (pointer: string, message: string): Fault => ({ pointer, message });

function faultsIn({ property, constraints = {} }: ValidationError): Fault[] {
  const pointer = `/${escape(property)}`;
  if (constraints['whitelistValidation']) return [faultAt(pointer, 'is not a known field')];
  return Object.values(constraints).map((message) => faultAt(pointer, message.replace(`${property} `, '')));
}

/** Checks a body whose class has class-validator's decorators. The handler receives the plain object. */
export class ClassBody implements BodyCheck {
  private constructor(private readonly type: BodyClass) {}

  /** Undefined for a type without class-validator's decorators. */
  static of(type: unknown): ClassBody | undefined {
    if (typeof type !== 'function') return undefined;
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    return rules.length > 0 ? new ClassBody(type as BodyClass) : undefined;
  }

  transform(value: unknown = {}): unknown {
    const faults = faultsOf(this.type, value);
    if (faults.length > 0) throw badRequest(faults);
    return value;
  }
}
