// The editor: CodeMirror with Python or TOML, the marked line of a mistake, and keys of our own.

import { indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { StreamLanguage, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup } from "codemirror";

const mark = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, change) {
    for (const effect of change.effects)
      if (effect.is(mark)) return effect.value === null ? Decoration.none : Decoration.set([LINE.range(effect.value)]);
    return change.docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const LINE = Decoration.line({ class: "marked" });

export class Editor {
  // parent: where it stands; onChange(text), onRun()
  constructor(parent, { onChange, onRun }) {
    this.label = new Compartment();
    this.onChange = onChange;
    this.run = () => (onRun(), true);
    this.view = new EditorView({ parent });
  }

  // A text with a history of its own.
  open(text, { file, label }) {
    const extensions = [
      keymap.of([{ key: "Mod-Enter", run: this.run, preventDefault: true }]),
      basicSetup,
      keymap.of([indentWithTab]),
      indentUnit.of("    "),
      file.endsWith(".toml") ? StreamLanguage.define(toml) : python(),
      syntaxHighlighting(classHighlighter),
      marked,
      EditorView.lineWrapping,
      this.label.of(this.#attributes(label)),
      EditorView.updateListener.of((update) => update.docChanged && !this.replacing && this.onChange(this.text)),
    ];
    this.view.setState(EditorState.create({ doc: text, extensions }));
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Another text in the same history, so that it can be undone.
  replace(text) {
    this.replacing = true;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.replacing = false;
  }

  name(label) {
    this.view.dispatch({ effects: this.label.reconfigure(this.#attributes(label)) });
  }

  showLine(number, { focus }) {
    const { doc } = this.view.state;
    if (number < 1 || number > doc.lines) return;
    const { from } = doc.line(number);
    const move = focus ? { selection: { anchor: from } } : {};
    this.view.dispatch({ ...move, effects: [mark.of(from), EditorView.scrollIntoView(from, { y: "nearest" })] });
    if (focus) this.view.focus();
  }

  // Scrolls to the first place that is still to be filled, or to the beginning.
  showHole() {
    const at = Math.max(0, this.text.search(/^[^#\n]*\.\.\.[^#\n]*# TODO/m));
    this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
  }

  focus() {
    this.view.focus();
  }

  unmark() {
    this.view.dispatch({ effects: mark.of(null) });
  }

  #attributes(label) {
    return EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-describedby": "editor-keys",
      spellcheck: "false",
    });
  }
}
