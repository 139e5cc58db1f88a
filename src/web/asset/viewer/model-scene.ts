import {
  Box3,
  DirectionalLight,
  Group,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Sphere,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { OBJLoader } from 'three/addons/loaders/OBJLoader.js';
import { STLLoader } from 'three/addons/loaders/STLLoader.js';
import { glbShapes } from './glb-shapes.ts';

const TURN = Math.PI / 16;

/** A model on a canvas, drawn when something moves. It names no files that would be fetched. */
export class ModelScene {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(40, 1, 0.01, 1000);
  readonly #controls: OrbitControls;
  readonly #watcher: ResizeObserver;
  readonly #model: Object3D;

  /** Throws where the bytes are no such model, or the browser draws nothing. */
  static async open(
    canvas: HTMLCanvasElement,
    mediaType: string,
    bytes: ArrayBuffer,
  ): Promise<ModelScene> {
    return new ModelScene(canvas, await modelIn(mediaType, bytes));
  }

  /** Throws where the browser draws nothing. */
  private constructor(canvas: HTMLCanvasElement, model: Object3D) {
    this.#model = model;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#scene.add(this.#model, new HemisphereLight(0xffffff, 0x777066, 1.6));
    const sun = new DirectionalLight(0xffffff, 1.8);
    sun.position.set(1, 2, 1.5);
    this.#camera.add(sun);
    this.#scene.add(this.#camera);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enablePan = false;
    this.#controls.enableZoom = false;
    this.#controls.addEventListener('change', () => this.#draw());
    this.#look();
    this.#watcher = new ResizeObserver(() => this.#fit(canvas));
    this.#watcher.observe(canvas);
  }

  /** Turns the model or brings it near; says whether the key does something. */
  onKey(key: string): boolean {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        this.#model.rotation.y += key === 'ArrowLeft' ? -TURN : TURN;
        break;
      case 'ArrowUp':
      case 'ArrowDown':
        this.#model.rotation.x += key === 'ArrowUp' ? -TURN : TURN;
        break;
      case '+':
      case '=':
        this.#camera.zoom = Math.min(this.#camera.zoom * 1.25, 8);
        break;
      case '-':
        this.#camera.zoom = Math.max(this.#camera.zoom / 1.25, 0.5);
        break;
      default:
        return false;
    }
    this.#camera.updateProjectionMatrix();
    this.#draw();
    return true;
  }

  dispose(): void {
    this.#watcher.disconnect();
    this.#controls.dispose();
    this.#model.traverse((part) => part instanceof Mesh && part.geometry.dispose());
    this.#renderer.dispose();
  }

  /** All of the model is seen, from a little above. */
  #look(): void {
    const ball = new Box3().setFromObject(this.#model).getBoundingSphere(new Sphere());
    const scale = 1 / Math.max(ball.radius, Number.MIN_VALUE);
    if (!Number.isFinite(scale)) throw new Error('the model has no size');
    for (const part of this.#model.children) part.position.sub(ball.center);
    this.#model.scale.setScalar(scale);
    this.#camera.position.set(1.6, 1.3, 2.6);
    this.#controls.update();
  }

  #fit({ clientWidth, clientHeight }: HTMLCanvasElement): void {
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#renderer.setSize(clientWidth, clientHeight, false);
    this.#camera.aspect = clientWidth / clientHeight;
    this.#camera.updateProjectionMatrix();
    this.#draw();
  }

  #draw(): void {
    this.#renderer.render(this.#scene, this.#camera);
  }
}

/** The shapes of a model, all of one clay. */
async function modelIn(mediaType: string, bytes: ArrayBuffer): Promise<Group> {
  const clay = new MeshStandardMaterial({ color: 0xcfc6b4, roughness: 0.85, side: 2 });
  const group = new Group();
  if (mediaType === 'model/stl') {
    group.add(new Mesh(new STLLoader().parse(bytes), clay));
    return group;
  }
  const read =
    mediaType === 'model/gltf-binary'
      ? await glbShapes(bytes)
      : new OBJLoader().parse(new TextDecoder().decode(bytes));
  read.traverse((part) => {
    if (part instanceof Mesh) part.material = clay;
  });
  group.add(read);
  return group;
}
