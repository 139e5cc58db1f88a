import { isObject, type JsonObject, type LabelledText } from './labelled-text.ts';

/** True if the text holds a graph as ComfyUI runs it (`prompt`) or as its editor keeps it (`workflow`). */
export function isComfyGraph({ text, json }: LabelledText): boolean {
  if (json !== undefined) return isRunGraph(json) || isEditorGraph(json);
  return isBrokenGraph(text);
}

/** Node id to node, each with its class and inputs. */
function isRunGraph(json: JsonObject): boolean {
  return Object.values(json).some(
    (node) => isObject(node) && typeof node['class_type'] === 'string' && isObject(node['inputs']),
  );
}

/** Nodes with a type and a place on the canvas, and the number of the last one made, or of the form. */
function isEditorGraph(json: JsonObject): boolean {
  const { nodes, links, state } = json;
  const isNumbered = 'last_node_id' in json || (isObject(state) && 'lastNodeId' in state);
  if (!Array.isArray(nodes) || !(isNumbered || (Array.isArray(links) && 'version' in json))) {
    return false;
  }
  const [first]: readonly unknown[] = nodes;
  return isObject(first) && typeof first['type'] === 'string' && 'pos' in first;
}

/** A graph that was cut off, or that has `NaN` in it, which ComfyUI writes and JSON forbids. */
function isBrokenGraph(text: string): boolean {
  if (!/^\s*(?:(?:prompt|workflow)\s*:)?\s*\{\s*"/i.test(text.slice(0, 200))) return false;
  const isRun = /"class_type"\s*:\s*"/.test(text) && /"inputs"\s*:\s*\{/.test(text);
  const isEditor = /"nodes"\s*:\s*\[\s*\{/.test(text) && /"pos"\s*:\s*[[{]/.test(text);
  return isRun || isEditor;
}
