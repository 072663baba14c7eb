"""Scene files against the program's JSON Schema, with an independent validator.

usage: check_schema.py SCHEMA-COMMAND... -- SCENE.yaml...
"""
import json
import subprocess
import sys

import jsonschema
import yaml


def as_json(value):
    """YAML's keys may be numbers; JSON's are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list) else value


def main():
    split = sys.argv.index("--")
    schema = json.loads(subprocess.run(sys.argv[1:split], stdout=subprocess.PIPE, check=True).stdout)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    wrong = 0
    for path in sys.argv[split + 1:]:
        with open(path) as file:
            scene = as_json(yaml.safe_load(file))
        for error in validator.iter_errors(scene):
            print(f"{path}: {list(error.path)}: {error.message[:200]}")
            wrong += 1
        # The schema refuses what the program refuses.
        for broken in ({**scene, "camara": {}}, {**scene, "camera": {"fov": 400}},
                       {**scene, "lights": {"count": {"gauss": [1, 2]}}},
                       {**scene, "surface": {"width": "3 kg"}}):
            if validator.is_valid(broken):
                print(f"{path}: a broken copy passes: {broken.keys()}")
                wrong += 1
    print(f"{len(sys.argv) - split - 1} files, {wrong} mistakes")
    return 1 if wrong or split + 1 == len(sys.argv) else 0


if __name__ == "__main__":
    sys.exit(main())
